import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

const settings = (endpoint: string): object => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // One attempt: a test is to see the first answer, not that of a retry.
  maxAttempts: 1,
});

export const cloudFormation = (endpoint: string): CloudFormationClient => new CloudFormationClient(settings(endpoint));
export const dynamoDb = (endpoint: string): DynamoDBClient => new DynamoDBClient(settings(endpoint));
export const lambda = (endpoint: string): LambdaClient => new LambdaClient(settings(endpoint));
export const sqs = (endpoint: string): SQSClient => new SQSClient(settings(endpoint));
export const s3 = (endpoint: string): S3Client => new S3Client({ ...settings(endpoint), forcePathStyle: true });
