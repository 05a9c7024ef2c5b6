import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Not that of the deployed app, so that no test meets its resources by chance. */
export const region = 'eu-central-1';

const settings = (endpoint: string, inRegion = region): object => ({
  endpoint,
  region: inRegion,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // One attempt: a test is to see the first answer, not that of a retry.
  maxAttempts: 1,
});

export const cloudFormation = (endpoint: string): CloudFormationClient => new CloudFormationClient(settings(endpoint));
export const dynamoDb = (endpoint: string): DynamoDBClient => new DynamoDBClient(settings(endpoint));
export const lambda = (endpoint: string, inRegion?: string): LambdaClient =>
  new LambdaClient(settings(endpoint, inRegion));
export const sqs = (endpoint: string): SQSClient => new SQSClient(settings(endpoint));
export const s3 = (endpoint: string): S3Client => new S3Client({ ...settings(endpoint), forcePathStyle: true });
