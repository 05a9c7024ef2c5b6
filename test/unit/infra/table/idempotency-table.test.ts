import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable, type IdempotencyTableProps } from '../../../../infra/table/idempotency-table.ts';
import { only, stage } from '../consumer/staged-consumer.ts';

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
});
