import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable, type IIdempotencyTable } from '../../../../infra/table/idempotency-table.ts';
import { stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';
const keyOf = (stack: Stack) => Key.fromKeyArn(stack, 'Key', keyArn);
const made = expect.stringMatching(/^<Markers\w*\.Arn>$/);
const existing = 'arn:aws:dynamodb:eu-central-1:123456789012:table/markers';

function granted(tableIn: (stack: Stack) => IIdempotencyTable) {
  const stack = stage();
  const table = tableIn(stack);
  table.grantClaims(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  return statementsOf(Template.fromStack(stack));
}

describe('grantClaims', () => {
  const claims = (table: unknown) => ({
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
    ],
    resources: [table],
  });
  const key = {
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [keyArn],
  };

  it.each([
    ['of a table that is made', (stack: Stack) => new IdempotencyTable(stack, 'Markers'), [claims(made)]],
    [
      'with its key',
      (stack: Stack) => new IdempotencyTable(stack, 'Markers', { encryptionKey: keyOf(stack) }),
      [claims(made), key],
    ],
    [
      'of a table that exists',
      (stack: Stack) => IdempotencyTable.fromTableName(stack, 'Markers', 'markers'),
      [claims(existing)],
    ],
    [
      'of a table that exists, with its key',
      (stack: Stack) => IdempotencyTable.fromTableName(stack, 'Markers', 'markers', keyOf(stack)),
      [claims(existing), key],
    ],
  ])('grants claims and completions, and nothing else: %s', (_, tableIn, statements) => {
    expect(granted(tableIn)).toEqual(statements);
  });
});
