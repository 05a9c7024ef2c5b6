import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, inject, it } from 'vitest';
import { LOCAL_REGION } from '../../lib/local/index.ts';
import { atEndpoint } from '../../lib/local/localstack/localstack-name.ts';
import { dynamodbClient, s3Client, sqsClient } from '../support/fresh.ts';
import * as clients from './clients.ts';
import { output } from './deployed.ts';

// LocalStack drops point-in-time recovery, deletion protection, log retention and the dashboard: their assertions are on
// the templates, in `test/unit/infra`.

const consumers = ['ChargeOrders', 'IndexCustomers'] as const;
const denyOfPlainHttp = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

describe('the deployed app', () => {
  const dynamoDb = dynamodbClient();
  const sqs = sqsClient();
  const s3 = s3Client();

  it.each([
    ['IdempotencyTableName', 'id', 'expiration'],
    ['CustomerTableName', 'customerId', 'expiresAt'],
  ])('has the table %s: on demand, encrypted, with time to live', async (name, key, expiry) => {
    const TableName = output(name);
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ AttributeName: expiry, TimeToLiveStatus: 'ENABLED' });
  });

  it('encrypts the idempotency table with the key of DynamoDB', async () => {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: output('IdempotencyTableName') }));
    expect(Table?.SSEDescription).toMatchObject({ Status: 'ENABLED', SSEType: 'KMS' });
  });

  it.each(consumers)('keeps dead letters of %s for 14 days, encrypted, by TLS only', async (consumer) => {
    const QueueUrl = output(`${consumer}DeadLetterQueueUrl`);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' });
    expect(Attributes).not.toHaveProperty('FifoQueue');
    expect(JSON.parse(Attributes?.Policy ?? '').Statement).toMatchObject([{ ...denyOfPlainHttp, Action: 'sqs:*' }]);
  });

  it.each(consumers)('has a private, encrypted bucket for large letters of %s, by TLS only', async (consumer) => {
    const Bucket = output(`${consumer}DeadLetterBucketName`);
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy ?? '').Statement).toContainEqual(
      expect.objectContaining({ ...denyOfPlainHttp, Action: 's3:*' }),
    );
  });

  it('has the function with what its environment and runtime are to be', async () => {
    const client = clients.lambda(inject('localStackUrl'), LOCAL_REGION);
    const found = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: output('ChargeOrdersFunctionName') }),
    );
    const queueUrl = found.Environment?.Variables?.KAFKA_ONCE_DEAD_LETTER_QUEUE_URL ?? '';
    expect(atEndpoint(queueUrl, inject('localStackUrl'))).toBe(output('ChargeOrdersDeadLetterQueueUrl'));
    expect(found).toMatchObject({
      State: 'Active',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 120,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' },
      Environment: {
        Variables: {
          KAFKA_ONCE_TABLE: output('IdempotencyTableName'),
          KAFKA_ONCE_NAMESPACE: output('ChargeOrdersNamespace'),
          KAFKA_ONCE_DEAD_LETTER_BUCKET: output('ChargeOrdersDeadLetterBucketName'),
          KAFKA_ONCE_REPORT_TOPICS: inject('sharedContext').ordersTopic,
          PAYMENT_GATEWAY_URL: inject('gatewayUrl'),
        },
      },
    });
  });
});
