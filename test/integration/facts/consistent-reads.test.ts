import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FactsTable, factsTable, failureOf, s } from './facts-table.ts';

let table: FactsTable;
const ids = Array.from({ length: 100 }, (_, i) => `r${i}`);
beforeAll(async () => {
  table = await factsTable();
  for (let i = 0; i < 100; i += 25) await table.batch(ids.slice(i, i + 25).map((id) => table.claim(id)));
});

const read = (wanted: readonly string[]) =>
  table.client.send(
    new BatchGetItemCommand({
      RequestItems: { [table.name]: { Keys: wanted.map((id) => ({ id: s(id) })), ConsistentRead: true } },
    }),
  );

describe('BatchGetItem, consistent', () => {
  it('reads 100 keys in one request, in any order, with nothing left over', async () => {
    const answer = await read(ids);
    const found = answer.Responses?.[table.name]?.map((item) => item.id?.S);
    expect(found).toHaveLength(100);
    expect(new Set(found)).toEqual(new Set(ids));
    expect(answer.UnprocessedKeys).toEqual({});
  });

  it('leaves out what does not exist', async () => {
    const answer = await read(['r1', 'missing']);
    expect(answer.Responses?.[table.name]?.map((item) => item.id?.S)).toEqual(['r1']);
    expect(answer.UnprocessedKeys).toEqual({});
  });

  it('refuses 101 keys, and a key twice', async () => {
    expect((await failureOf(read([...ids, 'r100']))).name).toBe('ValidationException');
    expect((await failureOf(read(['r1', 'r1']))).name).toBe('ValidationException');
  });

  it('returns keys over 16 MB unprocessed, ready to be sent again', async () => {
    const large = Array.from({ length: 44 }, (_, i) => `large${i}`);
    for (const id of large) await table.put({ id: s(id), data: s('x'.repeat(399_000)) });
    const first = await read(large);
    const left = first.UnprocessedKeys?.[table.name];
    expect(left?.ConsistentRead).toBe(true);
    expect(left?.Keys?.length).toBeGreaterThan(0);
    const second = await table.client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys }));
    const found = [first, second].flatMap((answer) => answer.Responses?.[table.name] ?? []).map((item) => item.id?.S);
    expect(new Set(found)).toEqual(new Set(large));
    expect(found).toHaveLength(44);
  });
});
