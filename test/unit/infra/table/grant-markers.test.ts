import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable, type IIdempotencyTable } from '../../../../infra/table/idempotency-table.ts';
import { type Mode, modes } from '../../../../lib/handler/options/mode-rules.ts';
import { stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';
const keyOf = (stack: Stack) => Key.fromKeyArn(stack, 'Key', keyArn);
const made = expect.stringMatching(/^<Markers\w*\.Arn>$/);
const existing = 'arn:aws:dynamodb:eu-central-1:123456789012:table/markers';

function granted(tableIn: (stack: Stack) => IIdempotencyTable, mode?: Mode) {
  const stack = stage();
  const table = tableIn(stack);
  table.grantMarkers(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), mode);
  return statementsOf(Template.fromStack(stack));
}

/** By hand, from what each mode calls: BatchExecuteStatement, BatchGetItem, BatchWriteItem, and TransactWriteItems of puts. */
const actionsOf: Readonly<Record<Mode, readonly string[]>> = {
  claim: [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
  ],
  mark: [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
  ],
  transaction: [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PutItem',
  ],
  position: [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLDelete',
    'dynamodb:PartiQLInsert',
    'dynamodb:PartiQLUpdate',
    'dynamodb:PutItem',
  ],
};

describe('grantMarkers', () => {
  const claims = (table: unknown) => ({ actions: actionsOf.claim, resources: [table] });
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

  it.each(modes)('grants what mode %s does, and nothing else', (mode) => {
    const statement = { actions: actionsOf[mode], resources: [existing] };
    expect(granted((stack) => IdempotencyTable.fromTableName(stack, 'Markers', 'markers'), mode)).toEqual([statement]);
    const ofOne = { ...statement, resources: [made] };
    expect(granted((stack) => new IdempotencyTable(stack, 'Markers'), mode)).toEqual([ofOne]);
  });
});
