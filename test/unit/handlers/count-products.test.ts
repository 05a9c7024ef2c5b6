import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KafkaLambdaHandler } from '../../../lib/index.ts';
import { kafkaHandler } from '../../../lib/modes/index.ts';
import {
  fakeContext,
  kafkaEvent,
  MemoryDeadLetters,
  type MemoryStore,
  memoryStore,
  type TestRecord,
} from '../../../lib/testing/index.ts';

type Module = typeof import('../../../handlers/count-products.ts');

let module: Module;
let store: MemoryStore;
let deadLetters: MemoryDeadLetters;
let handler: KafkaLambdaHandler;

beforeAll(async () => {
  vi.stubEnv('PRODUCT_TABLE', 'Products');
  vi.stubEnv('KAFKA_ONCE_TABLE', 'never-reached');
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'counts');
  module = await import('../../../handlers/count-products.ts');
});

beforeEach(() => {
  store = memoryStore({ tables: { Products: { partitionKey: 'productId' } } });
  deadLetters = new MemoryDeadLetters();
  handler = kafkaHandler({
    ...{ mode: 'position', commit: 'prefix', value: module.orderLineValue, handle: module.countProduct },
    ...{ namespace: 'counts', store, deadLetters },
    observer: { observe: () => undefined, log: () => undefined },
  });
});

async function run(...records: TestRecord[]): Promise<void> {
  expect(await handler(kafkaEvent(records), fakeContext())).toEqual({ batchItemFailures: [] });
}

const line = (productId: string, quantity = 1): TestRecord => ({ value: { productId, quantity } });
const counted = (): unknown => store.items('Products');

describe('count-products', () => {
  it('counts lines and pieces of each product', async () => {
    await run(line('p-1', 2), line('p-2'), line('p-1', 3), { ...line('p-1'), partition: 1 });
    expect(counted()).toEqual([
      { productId: 'p-1', lines: 3, sold: 6 },
      { productId: 'p-2', lines: 1, sold: 1 },
    ]);
  });

  it('counts nothing twice that is delivered again, in whatever batches', async () => {
    const lines = [line('p-1'), line('p-2'), line('p-1'), line('p-3')].map((one, offset) => ({
      ...{ ...one, offset, timestampMs: 1_000 + offset },
    }));
    await run(...lines.slice(0, 3));
    await run(...lines.slice(1));
    await run(...lines);
    expect(counted()).toEqual([
      { productId: 'p-1', lines: 2, sold: 2 },
      { productId: 'p-2', lines: 1, sold: 1 },
      { productId: 'p-3', lines: 1, sold: 1 },
    ]);
  });

  it('commits the distinct products of a partition together', async () => {
    await run(...Array.from({ length: 90 }, (_, index) => line(`p-${index}`)));
    expect(store.count('commit').calls).toBe(1);
  });

  it('puts what is no line aside, once, and goes on', async () => {
    const batch = [line('p-1'), { value: { productId: 'p-1', quantity: 0 } }, { value: null }, line('p-1')];
    await run(...batch);
    await run(...batch);
    expect(deadLetters.letters.map(({ reason, record }) => [reason, record.offset])).toEqual([['schemaViolation', 1]]);
    expect(counted()).toEqual([{ productId: 'p-1', lines: 2, sold: 2 }]);
  });

  it('cannot be loaded without its table', async () => {
    vi.resetModules();
    vi.stubEnv('PRODUCT_TABLE', '');
    await expect(import('../../../handlers/count-products.ts')).rejects.toThrow('PRODUCT_TABLE: is missing');
  });
});
