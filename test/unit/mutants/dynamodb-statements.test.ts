import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  completeStatement,
  insertStatement,
  releaseStatement,
  renewStatement,
  takeOverStatement,
} from '../../../lib/adapters/dynamodb/statements.ts';
import { tableOf } from '../../../lib/adapters/dynamodb/table.ts';
import type { ClaimWrite } from '../../../lib/ports/idempotency-store.ts';

// What the conditions do is shown by the contract suite on a real engine; this says, without one, that they are there.

const table = tableOf('markers');
const idempotencyKey = 'orders#1';
const owner = 'owner-a';
const claim: ClaimWrite = {
  idempotencyKey,
  owner,
  fence: 3,
  attempts: 2,
  alone: false,
  leaseUntilMs: 2_000,
  expiresAtSeconds: 100,
  fingerprint: undefined,
  source: undefined,
};

/** The conditions of a statement, each with the value it compares with. */
function conditions({ Statement = '', Parameters = [] }: BatchStatementRequest): Record<string, unknown> {
  const [before = '', where = ''] = Statement.split(' WHERE ');
  const first = before.split('?').length - 1;
  const compared = [...where.matchAll(/"(\w+)" = \?/g)].map((match) => match[1] ?? '');
  return Object.fromEntries(compared.map((name, index) => [name, Object.values(Parameters[first + index] ?? {})[0]]));
}

describe('every write under a claim is conditional on the claim', () => {
  it.each([
    ['renew', renewStatement(table, { idempotencyKey, owner, leaseUntilMs: 3_000 })],
    [
      'complete',
      completeStatement(table, {
        idempotencyKey,
        owner,
        expiresAtSeconds: 200,
        fingerprint: undefined,
        result: undefined,
      }),
    ],
    ['release to keep', releaseStatement(table, { idempotencyKey, owner, to: 'keep', attempts: 2 })],
    ['release to erase', releaseStatement(table, { idempotencyKey, owner, to: 'erase' })],
  ])('%s', (_operation, statement) => {
    expect(conditions(statement)).toEqual({ id: idempotencyKey, owner, status: 'INPROGRESS' });
  });
});

it('a claim is an INSERT, which is refused where there is an item', () => {
  expect(insertStatement(table, claim).Statement).toMatch(/^INSERT INTO "markers" /);
});

it('a take-over is conditional on the marker being as it was seen', () => {
  const seen = { ...claim, status: 'INPROGRESS' as const, owner: 'owner-b', fence: 2, result: undefined };
  expect(conditions(takeOverStatement(table, { ...claim, seen }))).toEqual({
    id: idempotencyKey,
    status: 'INPROGRESS',
    expiration: '100',
    in_progress_expiration: '2000',
    owner: 'owner-b',
    fence: '2',
  });
});
