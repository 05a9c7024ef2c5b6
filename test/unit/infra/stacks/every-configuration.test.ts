import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { contexts, synthesis } from './synthesis.ts';

const outputsOf = (consumer: string): readonly string[] =>
  ['FunctionName', 'LogGroupName', 'ConsumerGroup', 'Namespace', 'DeadLetterQueueUrl', 'DeadLetterBucketName'].map(
    (output) => `${consumer}${output}`,
  );

/** What the cluster is called in keys: with another label, all that was handled is new. */
const labels: Readonly<Record<keyof typeof contexts, string>> = {
  'MSK, IAM': 'shop',
  'MSK, SCRAM': 'shop',
  'MSK, mTLS': 'shop',
  'brokers, SCRAM-SHA-512': 'default',
  'brokers, SCRAM-SHA-256': 'default',
  'brokers, PLAIN': 'default',
  'brokers, mTLS, private CA': 'default',
  'brokers in a VPC': 'default',
  'brokers in a VPC, none': 'default',
  greenfield: 'kafka-once',
  LocalStack: 'default',
};

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

  it('labels its cluster in keys', () => {
    const label = Object.entries(labels).find(([each]) => each === name)?.[1];
    const told = Object.values(functions).map(({ Properties }) => Properties.Environment.Variables);
    expect(told.map(({ KAFKA_ONCE_CLUSTER_LABEL }) => KAFKA_ONCE_CLUSTER_LABEL)).toEqual([label, label]);
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

  it('puts out the names that the deployment gives', () => {
    const outputs = consumers.findOutputs('*');
    const idOf = (type: string, consumer: string): string | undefined =>
      Object.keys(consumers.findResources(type)).find((id) => id.startsWith(consumer));
    for (const consumer of ['ChargeOrders', 'IndexCustomers']) {
      const value = (output: string): unknown => outputs[`${consumer}${output}`]?.Value;
      const ref = (type: string): object => ({ Ref: idOf(type, consumer) });
      const made = functions[idOf('AWS::Lambda::Function', consumer) ?? '']?.Properties;
      expect(value('FunctionName')).toEqual(ref('AWS::Lambda::Function'));
      expect(value('LogGroupName')).toEqual(ref('AWS::Logs::LogGroup'));
      expect(value('LogGroupName')).toEqual(made.LoggingConfig.LogGroup);
      expect(value('DeadLetterQueueUrl')).toEqual(ref('AWS::SQS::Queue'));
      expect(value('DeadLetterBucketName')).toEqual(ref('AWS::S3::Bucket'));
      expect(value('Namespace')).toBe(made.Environment.Variables.KAFKA_ONCE_NAMESPACE);
      expect(value('Namespace')).toMatch(new RegExp(`^KafkaOnce-${consumer}-[0-9A-F]{8}$`));
      expect(value('ConsumerGroup')).toBe(value('Namespace'));
      if (name !== 'LocalStack') expect(value('MappingId')).toEqual(ref('AWS::Lambda::EventSourceMapping'));
    }
    const tables = Object.keys(consumers.findResources('AWS::DynamoDB::Table'));
    for (const table of ['Idempotency', 'Customer']) {
      const id = tables.find((each) => each.startsWith(table));
      expect(outputs[`${table}TableName`]?.Value).toEqual({ Ref: id });
    }
  });

  it(name === 'LocalStack' ? 'lets everything go' : 'keeps what must not be lost', () => {
    const kept = name === 'LocalStack' ? 'Delete' : 'Retain';
    for (const type of ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::S3::Bucket']) {
      consumers.allResources(type, { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
    if (name !== 'LocalStack') {
      consumers.allResources('AWS::Logs::LogGroup', { DeletionPolicy: kept, UpdateReplacePolicy: kept });
    }
    consumers.allResourcesProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: kept === 'Retain' });
  });
});
