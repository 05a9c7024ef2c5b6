import { describe, expect, it } from 'vitest';
import { at, type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';

const count = 10_000;
const ordering = ['partition', 'key', 'none'] as const;

function many(record: (index: number) => Partial<BenchRecord>, partitions: number): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ offset, partition: offset % partitions, ...record(offset) }));
}

describe('10 000 records', () => {
  it.each(ordering)("in 12 partitions with ordering '%s' are handled once each", async (by) => {
    const bench = new HandlerBench(() => undefined, { ordering: by });
    const records = many((index) => ({ id: index, key: `customer-${index % 500}` }), 12);
    expect(await bench.invoke(records, 900_000)).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(count);
    expect(new Set(bench.handlings.map((one) => one.id)).size).toBe(count);
    expect(bench.clock.pending).toBe(0);
  });

  it.each(ordering)("of one business ID with ordering '%s' are handled once in all", async (by) => {
    const bench = new HandlerBench(() => undefined, { ordering: by, rememberedCompletions: 0 });
    const records = many(() => ({ id: 'one', key: 'customer' }), 3);
    expect(await bench.invoke(records, 900_000)).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(1);
    const outcomes = [...bench.outcomes().values()];
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(count - 1);
    expect(bench.clock.pending).toBe(0);
  });

  it('in one partition keep their order', async () => {
    const bench = new HandlerBench(() => undefined);
    expect(
      await bench.invoke(
        many((index) => ({ id: index }), 1),
        900_000,
      ),
    ).toEqual({ undone: [] });
    const offsets = bench.handlings.map((one) => Number(one.at.split('@')[1]));
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('that all fail are all named', async () => {
    const bench = new HandlerBench(
      () => {
        throw new Error('not now');
      },
      { ordering: 'none', failureReporting: { report: ['orders'] } },
    );
    const records = many((index) => ({ id: index }), 12);
    const answer = await bench.invoke(records, 900_000);
    const places = records.map((record) => at({ topic: 'orders', partition: 0, ...record }));
    expect('undone' in answer && [...answer.undone].sort()).toEqual(places.sort());
  });
});

describe('one business ID 500 times in a batch', () => {
  it.each(ordering)("with ordering '%s', where the handler fails the first three times, has one effect", async (by) => {
    let calls = 0;
    const bench = new HandlerBench(
      () => {
        calls += 1;
        if (calls <= 3) throw new Error('not now');
      },
      { ordering: by, rememberedCompletions: 0 },
    );
    const records = Array.from({ length: 500 }, (_, offset) => ({ offset, id: 'one', key: 'customer' }));
    for (let deliveries = 0; deliveries < 10; deliveries += 1) {
      const answer = await bench.invoke(records);
      if ('undone' in answer && answer.undone.length === 0) break;
    }
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(calls).toBe(4);
  });
});

describe('a payload of 6 MB', () => {
  const payload = 'x'.repeat(4_300_000);

  it('in one record is handled whole', async () => {
    const lengths: number[] = [];
    const bench = new HandlerBench((record) => lengths.push(JSON.stringify(record.value).length));
    expect(await bench.invoke([{ offset: 0, id: 'large', payload }])).toEqual({ undone: [] });
    expect(lengths).toEqual([payload.length + '{"id":"large","payload":""}'.length]);
  });

  it('goes to the dead letters whole', async () => {
    const bench = new HandlerBench(() => undefined);
    const rawValue = Buffer.from(`{"payload":"${payload}`).toString('base64');
    expect(await bench.invoke([{ offset: 0, rawValue }])).toEqual({ undone: ['orders-0@0'] });
    const decoding = new HandlerBench(() => undefined, { isNonRetryable: (error) => error instanceof SyntaxError });
    expect(await decoding.invoke([{ offset: 0, rawValue }])).toEqual({ undone: [] });
    expect(decoding.deadLetters.letters.map((letter) => letter.record.value)).toEqual([rawValue]);
    expect(decoding.deadLetters.bodies[0]).toContain(rawValue);
  });
});
