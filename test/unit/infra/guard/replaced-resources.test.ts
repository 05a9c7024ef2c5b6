import { describe, expect, it } from 'vitest';
import { replacedResources } from '../../../../infra/guard/replaced-resources.ts';

const key = (name: string) => [{ AttributeName: name, KeyType: 'HASH' }];
const attribute = (name: string, type = 'S') => [{ AttributeName: name, AttributeType: type }];
const table = { KeySchema: key('id'), AttributeDefinitions: attribute('id') };

const template = (type: string, properties: object, logicalId = 'Kept') => ({
  Resources: { [logicalId]: { Type: type, Properties: properties } },
});

/** Changes that replace a resource: its type, its properties before and after, and what is told. */
const replacing: readonly (readonly [type: string, before: object, after: object, change: string])[] = [
  ['AWS::DynamoDB::Table', table, { ...table, TableName: 'markers' }, 'TableName changes from none to "markers"'],
  [
    'AWS::DynamoDB::Table',
    { ...table, TableName: 'a' },
    { ...table, TableName: 'b' },
    'TableName changes from "a" to "b"',
  ],
  [
    'AWS::DynamoDB::Table',
    table,
    { KeySchema: key('pk'), AttributeDefinitions: attribute('pk') },
    'KeySchema changes from [{"AttributeName":"id","KeyType":"HASH"}] to [{"AttributeName":"pk","KeyType":"HASH"}]',
  ],
  [
    'AWS::DynamoDB::Table',
    table,
    { ...table, AttributeDefinitions: attribute('id', 'B') },
    'AttributeType of id changes from S to B',
  ],
  ['AWS::DynamoDB::Table', table, { ...table, LocalSecondaryIndexes: [{}] }, 'LocalSecondaryIndexes changes'],
  ['AWS::DynamoDB::Table', table, { ...table, ImportSourceSpecification: {} }, 'ImportSourceSpecification changes'],
  ['AWS::DynamoDB::GlobalTable', table, { ...table, TableName: 'markers' }, 'TableName changes'],
  [
    'AWS::DynamoDB::GlobalTable',
    table,
    { KeySchema: key('pk'), AttributeDefinitions: attribute('pk') },
    'KeySchema changes from [{"AttributeName":"id","KeyType":"HASH"}] to [{"AttributeName":"pk","KeyType":"HASH"}]',
  ],
  [
    'AWS::DynamoDB::GlobalTable',
    table,
    { ...table, AttributeDefinitions: attribute('id', 'B') },
    'AttributeType of id changes from S to B',
  ],
  ['AWS::DynamoDB::GlobalTable', table, { ...table, LocalSecondaryIndexes: [{}] }, 'LocalSecondaryIndexes changes'],
  ['AWS::SQS::Queue', {}, { FifoQueue: true }, 'FifoQueue changes from false to true'],
  ['AWS::SQS::Queue', { QueueName: 'letters' }, {}, 'QueueName changes from "letters" to none'],
  ['AWS::S3::Bucket', { BucketName: 'letters' }, { BucketName: { Ref: 'Name' } }, 'BucketName changes'],
  ['AWS::Logs::LogGroup', {}, { LogGroupName: '/orders' }, 'LogGroupName changes'],
  ['AWS::KMS::Key', {}, { MultiRegion: true }, 'MultiRegion changes'],
  ['AWS::KMS::Key', {}, { KeySpec: 'RSA_2048' }, 'KeySpec changes'],
  ['AWS::KMS::Key', {}, { KeyUsage: 'SIGN_VERIFY' }, 'KeyUsage changes'],
  ['AWS::KMS::Key', {}, { Origin: 'EXTERNAL' }, 'Origin changes'],
  ['AWS::MSK::ServerlessCluster', { ClusterName: 'a' }, { ClusterName: 'b' }, 'ClusterName changes'],
  ['AWS::MSK::ServerlessCluster', {}, { VpcConfigs: [{}] }, 'VpcConfigs changes'],
  ['AWS::MSK::ServerlessCluster', {}, { ClientAuthentication: {} }, 'ClientAuthentication changes'],
];

/** Changes that CloudFormation makes in place. */
const inPlace: readonly (readonly [type: string, before: object, after: object])[] = [
  ['AWS::DynamoDB::Table', table, { ...table, BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true }],
  [
    'AWS::DynamoDB::Table',
    table,
    { ...table, AttributeDefinitions: [...attribute('id'), ...attribute('other')], GlobalSecondaryIndexes: [{}] },
  ],
  [
    'AWS::DynamoDB::Table',
    table,
    { AttributeDefinitions: table.AttributeDefinitions, KeySchema: [{ KeyType: 'HASH', AttributeName: 'id' }] },
  ],
  ['AWS::SQS::Queue', { FifoQueue: false }, { MessageRetentionPeriod: 60 }],
  ['AWS::S3::Bucket', {}, { PublicAccessBlockConfiguration: {} }],
  ['AWS::Lambda::Function', { FunctionName: 'a' }, { FunctionName: 'b' }],
];

describe('replacedResources', () => {
  it.each(replacing)('%s %j to %j', (type, before, after, change) => {
    const [replaced, ...others] = replacedResources(template(type, before), template(type, after));
    expect(others).toEqual([]);
    expect(replaced).toMatchObject({ logicalId: 'Kept', type });
    expect(replaced?.changes.join()).toContain(change);
  });

  it.each(inPlace)('lets %s change from %j to %j', (type, before, after) => {
    expect(replacedResources(template(type, before), template(type, after))).toEqual([]);
  });

  it('names a table that is gone, or whose logical ID became another', () => {
    const before = template('AWS::DynamoDB::Table', table);
    const gone = [{ logicalId: 'Kept', type: 'AWS::DynamoDB::Table', changes: ['is gone'] }];
    expect(replacedResources(before, { Resources: {} })).toEqual(gone);
    expect(replacedResources(before, template('AWS::DynamoDB::Table', table, 'Moved'))).toEqual(gone);
  });

  it('names a table that becomes something else', () => {
    expect(
      replacedResources(template('AWS::DynamoDB::Table', table), template('AWS::DynamoDB::GlobalTable', table)),
    ).toMatchObject([{ changes: ['becomes AWS::DynamoDB::GlobalTable'] }]);
  });

  it('lets functions go, and new tables come', () => {
    const before = template('AWS::Lambda::Function', {}, 'Orders');
    expect(replacedResources(before, template('AWS::DynamoDB::Table', table))).toEqual([]);
  });

  it.each([null, 'Resources: {}', { Stacks: [] }, { Resources: [] }])('refuses %j, which is no template', (wrong) => {
    expect(() => replacedResources(wrong, { Resources: {} })).toThrow('the deployed template has no Resources');
    expect(() => replacedResources({ Resources: {} }, wrong)).toThrow('the new template has no Resources');
  });
});
