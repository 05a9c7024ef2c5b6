import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LossyProxy, lossyProxy } from '../../support/lossy-proxy.ts';
import { clientFor, dynamodbEndpoint, n, s } from './facts-table.ts';
import { type FactsTransactions, factsTransactions, numbered } from './facts-transactions.ts';

let tx: FactsTransactions;
beforeAll(async () => {
  tx = await factsTransactions();
});

function slices<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

const requests = ({ seen }: LossyProxy) => ({
  reads: seen.filter(({ operation }) => operation === 'BatchGetItem').length,
  transactions: seen.filter(({ operation }) => operation === 'TransactWriteItems').length,
  all: seen.length,
});

describe('500 records with one effect each', () => {
  /** The least that could be done: look for markers, then commit what has none, marker beside effect. */
  async function commit(ids: readonly string[], through: DynamoDBClient): Promise<void> {
    const found = new Set<string>();
    for (const some of slices(ids, 100)) {
      for (const id of await tx.present(some, through)) found.add(id);
    }
    const pairs = ids.filter((id) => !found.has(id)).map((id) => [tx.marker(id), tx.add(`effect of ${id}`)]);
    for (const group of slices(pairs, 50)) await tx.transact(group.flat(), { through });
  }

  it('are 15 requests with a marker each: 5 reads of 100, 10 transactions of 50 pairs; 5 when delivered again', async () => {
    await using proxy = await lossyProxy(dynamodbEndpoint());
    const through = clientFor(proxy.url);
    const ids = numbered('record ', 500);
    await commit(ids, through);
    expect(requests(proxy)).toEqual({ reads: 5, transactions: 10, all: 15 });
    await commit(ids, through);
    expect(requests(proxy)).toEqual({ reads: 10, transactions: 10, all: 20 });
    for (const id of ['record 0', 'record 499']) {
      expect((await tx.table.item(`effect of ${id}`))?.amount).toEqual(n(1));
    }
  });

  it('are 7 requests with one position for all: 1 read, 6 transactions of up to 99 effects', async () => {
    await using proxy = await lossyProxy(dynamodbEndpoint());
    const through = clientFor(proxy.url);
    expect(await tx.present(['position of orders-0'], through)).toEqual([]);
    let from: number | undefined;
    for (const group of slices(numbered('', 500).map(Number), 99)) {
      const next = (group.at(-1) ?? 0) + 1;
      const effects = group.map((offset) => tx.add(`effect at ${offset}`));
      await tx.transact([position('orders-0', from, next), ...effects], { through });
      from = next;
    }
    expect(requests(proxy)).toEqual({ reads: 1, transactions: 6, all: 7 });
    expect((await tx.table.item('position of orders-0'))?.nextOffset).toEqual(n(500));
  });
});

/** Moves a position on, if it is still where the handlers of this commit started. */
function position(partition: string, from: number | undefined, next: number): TransactWriteItem {
  const id = `position of ${partition}`;
  return from === undefined
    ? tx.update(id, 'SET nextOffset = :next', { ':next': n(next) }, 'attribute_not_exists(id)')
    : tx.update(id, 'SET nextOffset = :next', { ':next': n(next), ':from': n(from) }, 'nextOffset = :from');
}

describe('a position', () => {
  it('lets one of two first writers begin', async () => {
    await tx.transact([position('new-0', undefined, 3), tx.add('new effect')]);
    const late = await tx.refusal([position('new-0', undefined, 3), tx.add('new effect')]);
    expect(late.codes).toEqual(['ConditionalCheckFailed', 'None']);
    expect((await tx.table.item('new effect'))?.amount).toEqual(n(1));
  });

  it('lets one of two writers that started from the same offset commit; the other is refused whole', async () => {
    await tx.transact([position('raced-0', undefined, 10)]);
    const writer = (name: string, next: number) =>
      tx.transact([position('raced-0', 10, next), ...numbered(`${name} `, 99).map((id) => tx.put(id))]);
    const outcomes = await Promise.allSettled([writer('first', 40), writer('second', 25)]);
    const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await tx.table.item('position of raced-0'))?.nextOffset).toEqual(n(won === 0 ? 40 : 25));
    const [winner, loser] = won === 0 ? ['first', 'second'] : ['second', 'first'];
    expect(await tx.present(numbered(`${winner} `, 99))).toHaveLength(99);
    expect(await tx.present(numbered(`${loser} `, 99))).toEqual([]);
  });

  it('shows the refused writer where the other has come to', async () => {
    await tx.transact([position('behind-0', undefined, 10)]);
    await tx.transact([position('behind-0', 10, 20)]);
    const late = await tx.refusal([position('behind-0', 10, 15), tx.add('late effect')]);
    expect(late.codes).toEqual(['ConditionalCheckFailed', 'None']);
    expect(late.items?.[0]).toEqual({ id: s('position of behind-0'), nextOffset: n(20) });
    expect(await tx.present(['late effect'])).toEqual([]);
  });
});
