import { expect, it } from 'vitest';
import type { KafkaRecord } from '../../../lib/index.ts';
import { type EffectContext, kafkaHandler } from '../../../lib/modes/index.ts';
import { FakeClock, fakeContext, kafkaEvent, memoryStore } from '../../../lib/testing/index.ts';
import { documentText } from './markdown.ts';

const readme = documentText('README.md').replaceAll(/\s+/g, ' ');
const records = Array.from({ length: 500 }, (_, offset) => ({ offset, value: { orderId: `order-${offset}` } }));

const put = ({ offset }: KafkaRecord, { effects }: EffectContext): void => {
  effects.put({ table: 'Orders', item: { orderId: `order-${offset}` } });
};

/** Requests for 500 new records of one partition with one effect each. No time passes. */
const run = (mode: 'transaction' | 'position' | 'mark', commit?: 'each' | 'prefix') => async (): Promise<number> => {
  const store = memoryStore({ tables: { Orders: { partitionKey: 'orderId' } } });
  const common = {
    namespace: 'costs',
    store,
    ports: { clock: new FakeClock() },
    observer: { observe: () => {}, log: () => {} },
  };
  const handler =
    mode === 'mark'
      ? kafkaHandler({ ...common, mode, handle: () => {} })
      : kafkaHandler({ ...common, mode, ...(commit !== undefined && { commit }), handle: put });
  expect(await handler(kafkaEvent(records), fakeContext())).toEqual({ batchItemFailures: [] });
  const operations = ['read', 'readPositions', 'setMarks', 'commit'] as const;
  return operations.reduce((sum, operation) => sum + store.count(operation).calls, 0);
};

it.each([
  ['25 in `mark`', run('mark'), 25],
  ['in `transaction` 505', run('transaction'), 505],
  ['in `position` 501', run('position'), 501],
  ["and 15 and 7 with `commit: 'prefix'`", run('transaction', 'prefix'), 15],
  ["and 15 and 7 with `commit: 'prefix'`", run('position', 'prefix'), 7],
])('README.md counts right: %s', async (told, requests, count) => {
  expect(readme).toContain(told);
  expect(await requests()).toBe(count);
});
