import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable, type IdempotencyTableProps } from '../../../../infra/table/idempotency-table.ts';
import { consumerIn, only, stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

function tableIn(stack: Stack, props: IdempotencyTableProps = {}) {
  new IdempotencyTable(stack, 'Markers', props);
  return only(stack, 'AWS::DynamoDB::Table');
}

describe('IdempotencyTable', () => {
  it('is on demand, expires markers, can be restored, is encrypted, protected and kept', () => {
    const table = tableIn(stage());
    expect(table.Properties).toEqual({
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('takes another key, and can be made to go with its stack', () => {
    const stack = stage();
    const table = tableIn(stack, {
      encryptionKey: new Key(stack, 'Key'),
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
      tableName: 'markers',
    });
    expect(table).toMatchObject({
      Properties: {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() },
        DeletionProtectionEnabled: false,
        TableName: 'markers',
      },
      DeletionPolicy: 'Delete',
    });
  });

  it.each(['ab', 'with space', 'a'.repeat(256)])('refuses the name %j', (tableName) => {
    expect(() => new IdempotencyTable(stage(), 'Markers', { tableName })).toThrow(
      `tableName: is '${tableName}'; DynamoDB takes 3 to 255 characters`,
    );
  });

  it('that exists is used as it is', () => {
    const stack = stage();
    const table = IdempotencyTable.fromTableName(stack, 'Markers', 'markers');
    expect(table).toMatchObject({ tableName: 'markers', region: 'eu-central-1' });
    expect(stack.resolve(table.tableArn)).toMatchObject({
      'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/table\/markers$/)])],
    });
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 0);
  });

  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const timeToLiveAttribute = 'expiration';

  it("may be a table of CDK's, with its key", () => {
    const stack = stage();
    const encryptionKey = new Key(stack, 'Key');
    const made = new Table(stack, 'Table', { partitionKey, timeToLiveAttribute, encryptionKey });
    const table = IdempotencyTable.fromTable(made);
    expect(table.tableName).toBe(made.tableName);
    consumerIn(stack, { table });
    const actions = statementsOf(Template.fromStack(stack)).flatMap((statement) => statement.actions);
    expect(actions).toEqual(expect.arrayContaining(['dynamodb:PartiQLInsert', 'kms:ReEncryptTo']));
    expect(IdempotencyTable.fromTable(Table.fromTableName(stack, 'Other', 'other')).tableName).toBe('other');
  });

  it.each<[string, TableProps, RegExp]>([
    ['another key', { partitionKey: { ...partitionKey, name: 'pk' }, timeToLiveAttribute }, /^table: has another key/],
    [
      'a number as key',
      { partitionKey: { name: 'id', type: AttributeType.NUMBER }, timeToLiveAttribute },
      /another key/,
    ],
    ['a sort key', { partitionKey, sortKey: { ...partitionKey, name: 'sk' }, timeToLiveAttribute }, /another key/],
    ['no TTL', { partitionKey }, /^table: has no TTL on 'expiration'/],
    ['a TTL on something else', { partitionKey, timeToLiveAttribute: 'ttl' }, /^table: has no TTL on 'expiration'/],
  ])("is none of CDK's that has %s", (_what, props, message) => {
    expect(() => IdempotencyTable.fromTable(new Table(stage(), 'Table', props))).toThrow(message);
  });
});
