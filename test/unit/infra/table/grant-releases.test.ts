import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { expect, it } from 'vitest';
import { IdempotencyTable, type IIdempotencyTable } from '../../../../infra/table/idempotency-table.ts';
import { stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';
const releases = (table: unknown) => ({ actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem'], resources: [table] });

it.each([
  [
    'of a table that is made',
    (stack: Stack): IIdempotencyTable => new IdempotencyTable(stack, 'Markers'),
    [releases(expect.stringMatching(/^<Markers\w*\.Arn>$/))],
  ],
  [
    'of a table that exists, with its key',
    (stack: Stack) => IdempotencyTable.fromTableName(stack, 'Markers', 'markers', Key.fromKeyArn(stack, 'Key', keyArn)),
    [
      releases('arn:aws:dynamodb:eu-central-1:123456789012:table/markers'),
      { actions: expect.arrayContaining(['kms:Decrypt', 'kms:Encrypt']), resources: [keyArn] },
    ],
  ],
])('grantReleases grants to look at one marker and to delete it, and nothing else: %s', (_, tableIn, statements) => {
  const stack = stage();
  const table = tableIn(stack);
  table.grantReleases(new Role(stack, 'OnCall', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  expect(statementsOf(Template.fromStack(stack))).toEqual(statements);
});
