import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { contexts, synthesis } from './synthesis.ts';

const outputsOf = (consumer: string): readonly string[] =>
  ['FunctionName', 'LogGroupName', 'ConsumerGroup', 'Namespace', 'DeadLetterQueueUrl', 'DeadLetterBucketName'].map(
    (output) => `${consumer}${output}`,
  );

describe.each(Object.entries(contexts))('%s', (name, context) => {
  const { consumers, findings } = synthesis(context);
  const functions = consumers.findResources('AWS::Lambda::Function');

  it('leaves cdk-nag nothing to say', () => {
    expect(findings).toEqual([]);
  });

  it('has one table of markers, which both functions use', () => {
    const tables = consumers.findResources('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
      },
    });
    const [table, ...others] = Object.keys(tables);
    expect(others).toEqual([]);
    expect(Object.values(functions)).toHaveLength(2);
    consumers.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ KAFKA_ONCE_TABLE: { Ref: table } }) },
    });
  });

  it('tells each handler of its own', () => {
    const [customers] = Object.keys(
      consumers.findResources('AWS::DynamoDB::Table', {
        Properties: {
          KeySchema: [{ AttributeName: 'customerId', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'customerId', AttributeType: 'S' }],
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      }),
    );
    const told = Object.fromEntries(
      Object.entries(functions).map(([id, { Properties }]) => [
        id.replace(/Function.*/, ''),
        Properties.Environment.Variables,
      ]),
    );
    expect(told).toMatchObject({
      ChargeOrders: { PAYMENT_GATEWAY_URL: 'https://payments.example.com' },
      IndexCustomers: { CUSTOMER_TABLE: { Ref: customers } },
    });
    expect(Object.keys(told.ChargeOrders)).not.toContain('CUSTOMER_TABLE');
    consumers.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^IndexCustomers'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Action: 'dynamodb:PutItem', Effect: 'Allow', Resource: { 'Fn::GetAtt': [customers, 'Arn'] } },
        ]),
      },
    });
  });

  it('puts out what a test or a person looks for', () => {
    const mapped = name === 'LocalStack' ? [] : ['ChargeOrdersMappingId', 'IndexCustomersMappingId'];
    expect(Object.keys(consumers.findOutputs('*')).sort()).toEqual(
      [
        ...['IdempotencyTableName', 'CustomerTableName'],
        ...outputsOf('ChargeOrders'),
        ...outputsOf('IndexCustomers'),
        ...mapped,
      ].sort(),
    );
  });

  it('puts out the log group of each function', () => {
    const named = (consumer: string): unknown =>
      consumers.findOutputs(`${consumer}LogGroupName`)[`${consumer}LogGroupName`]?.Value;
    const groups = Object.values(functions).map(({ Properties }) => Properties.LoggingConfig.LogGroup);
    expect(['ChargeOrders', 'IndexCustomers'].map(named)).toEqual(groups);
  });

  it(name === 'LocalStack' ? 'lets everything go' : 'keeps what must not be lost', () => {
    const kept = name === 'LocalStack' ? 'Delete' : 'Retain';
    for (const type of ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::S3::Bucket']) {
      consumers.allResources(type, { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
    consumers.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: kept === 'Retain' });
  });
});
