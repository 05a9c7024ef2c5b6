import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/commit-store.ts';
import { readAttributes } from '../../lib/adapters/memory/values/read-attribute.ts';
import { writeDocument } from '../../lib/adapters/memory/values/write-document.ts';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../lib/core/effects/effect.ts';
import type { CommitResult } from '../../lib/ports/commit-store.ts';
import { memoryStore } from '../../lib/testing/index.ts';
import { type RandomEffect, randomEffect } from '../property/memory-tables/random-effects.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { type CommitStoreUnderTest, commitOf } from './commit-store.support.ts';
import { commitTables } from './dynamodb-commit-support.ts';
import { expressionsContract } from './expressions.contract.ts';
import { call, freshKey } from './idempotency-store.contract.ts';

const runs = 500;
const mostMs = 30_000;

/** DynamoDB Local, the memory store and AWS tell in different ways of a write that cannot be done: it is one verdict here. */
function verdictOf(result: CommitResult): string {
  if (result.kind === 'committed') return 'committed';
  const isTold = result.kind === 'cancelled' && result.reasons !== undefined && !result.reasons.includes('invalid');
  if (isTold) return result.reasons?.join(' ') ?? '';
  expect(['cancelled', 'refused']).toContain(result.kind);
  return 'refused';
}

function effectOf(random: RandomEffect, table: string, id: string): Effect {
  const { kind, condition, names, values, update } = random;
  const terms = { table, condition, names, values, onConditionFailed: 'fail' } as const;
  const key = { id: { S: id } };
  if (kind === 'put') return { ...terms, kind, item: { ...random.item, ...key } };
  if (kind === 'update') return { ...terms, kind, key, update };
  return kind === 'delete' ? { ...terms, kind, key } : { ...terms, kind, key, condition: condition ?? '' };
}

describe('dynamoDbStore', () => {
  const client = dynamodbClient();
  let subject: CommitStoreUnderTest;
  beforeAll(async () => {
    subject = await commitTables(client);
  });
  afterAll(() => client.destroy());
  expressionsContract(() => subject);
});

it('the memory store carries out effects as DynamoDB does, whatever they are', async () => {
  const client = dynamodbClient();
  const [tableName, table] = await Promise.all([freshTable(), freshTable()]);
  const dynamodb = dynamoDbStore({ tableName, client });
  const counts = new Map<string, number>();

  await fc.assert(
    fc.asyncProperty(fc.array(randomEffect, { minLength: 1, maxLength: 2 }), async (randoms) => {
      const memory = memoryStore({ tables: { [table]: { partitionKey: 'id' } } });
      const ids = randoms.map(() => freshKey());
      const stored = randoms.flatMap(({ stored }, index): AttributeMap[] =>
        stored === undefined ? [] : [{ ...stored, id: { S: ids[index] ?? '' } }],
      );
      if (stored.length > 0) {
        const puts = stored.map((Item) => ({ PutRequest: { Item } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
      }
      for (const item of stored) memory.putItem(table, writeDocument(readAttributes(item)));

      const commit = commitOf({ effects: randoms.map((random, index) => effectOf(random, table, ids[index] ?? '')) });
      const [real, imitated] = [await dynamodb.commit(commit, call), await memory.commit(commit, call)];
      expect(verdictOf(imitated)).toBe(verdictOf(real));
      counts.set(verdictOf(real), (counts.get(verdictOf(real)) ?? 0) + 1);

      const Keys = ids.map((id) => ({ id: { S: id } }));
      const found = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      const items = new Map((found.Responses?.[table] ?? []).map((item) => [item.id?.S, item]));
      for (const id of ids) {
        const real = items.get(id);
        const imitation = memory.rawItem(table, { id });
        expect(imitation && readAttributes(imitation)).toEqual(real && readAttributes(real as AttributeMap));
      }
    }),
    { numRuns: runs, interruptAfterTimeLimit: mostMs, markInterruptAsFailure: false },
  );
  // The proof is of something: every verdict was met.
});
