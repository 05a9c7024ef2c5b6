import { describe, expect, it } from 'vitest';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';

const first: BenchRecord = { offset: 0, id: 'order', payload: 'first' };
const changed: BenchRecord = { offset: 1, id: 'order', payload: 'changed' };
const next: BenchRecord = { offset: 2, id: 'next', payload: 'next' };

function benchOf(options: BenchOptions = {}): HandlerBench {
  return new HandlerBench(() => undefined, { rememberedCompletions: 0, ...options });
}

describe.each([
  ['in a later batch', [[first], [changed, next]]],
  ['in the same batch', [[first, changed, next]]],
])('the same business ID with another payload %s', (_when, batches) => {
  async function deliver(bench: HandlerBench): Promise<unknown> {
    let answer: unknown;
    for (const batch of batches) answer = await bench.invoke(batch);
    return answer;
  }

  it('goes to the dead letters where there is a sink, and what follows goes on', async () => {
    const bench = benchOf();
    expect(await deliver(bench)).toEqual({ undone: [] });
    expect(bench.handlings.map(({ at }) => at)).toEqual(['orders-0@0', 'orders-0@2']);
    expect(bench.deadLetters.letters.map(({ record, reason }) => [record.offset, reason])).toEqual([
      [1, 'fingerprintMismatch'],
    ]);
    expect(bench.store.peek(coordinatesKeyOf(changed))?.status).toBe('COMPLETED');
    expect(await bench.invoke([changed])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it("fails with onFingerprintMismatch: 'fail', and holds back what follows", async () => {
    const bench = benchOf({ onFingerprintMismatch: 'fail' });
    expect(await deliver(bench)).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.store.peek(keyOf(next))).toBeUndefined();
    expect(await bench.invoke([changed, next])).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
  });

  it("is a duplicate with onFingerprintMismatch: 'skip', and is observed", async () => {
    const bench = benchOf({ onFingerprintMismatch: 'skip' });
    expect(await deliver(bench)).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@1')).toBe('duplicate');
    expect(bench.observations.filter(({ type }) => type === 'fingerprintMismatch')).toHaveLength(1);
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('is a duplicate with fingerprint: false', async () => {
    const bench = benchOf({ fingerprint: false });
    expect(await deliver(bench)).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@1')).toBe('duplicate');
    expect(bench.store.peek(keyOf(first))?.fingerprint).toBeUndefined();
  });

  it('is a duplicate where the selector finds both equal', async () => {
    const bench = benchOf({ fingerprint: (record) => record.topic });
    expect(await deliver(bench)).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@1')).toBe('duplicate');
  });

  it('is found by a remembered completion too', async () => {
    const bench = benchOf({ rememberedCompletions: 10 });
    expect(await deliver(bench)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
    await deliver(bench);
    expect(bench.deadLetters.letters).toHaveLength(1);
  });
});

describe('a fingerprint', () => {
  it('is asked of completed markers only: after a failure another payload is handled', async () => {
    let fails = true;
    const bench = new HandlerBench(() => {
      if (fails) throw new Error('not now');
    });
    await bench.invoke([first]);
    fails = false;
    expect(await bench.invoke([{ ...changed, offset: 0 }])).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@0')).toBe('handled');
  });

  it('that a marker lacks proves nothing against the record: another library wrote it', async () => {
    const bench = benchOf();
    bench.store.poke(keyOf(first), {
      status: 'COMPLETED',
      expiresAtSeconds: bench.clock.nowMs() / 1000 + 60,
      leaseUntilMs: undefined,
      owner: undefined,
      fence: 0,
      attempts: 0,
      alone: false,
      fingerprint: undefined,
      result: undefined,
      source: undefined,
    });
    expect(await bench.invoke([first])).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@0')).toBe('duplicate');
  });

  it('is not asked for a record known by its coordinates, whatever its schema made of it this time', async () => {
    let decoded = 0;
    const value = {
      name: 'with a default of now',
      decode: () => {
        decoded += 1;
        return { at: decoded };
      },
    };
    const bench = new HandlerBench(() => undefined, { rememberedCompletions: 0, value });
    await bench.invoke([{ offset: 0 }]);
    expect(await bench.invoke([{ offset: 0 }])).toEqual({ undone: [] });
    expect(decoded).toBe(2);
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.handlings).toHaveLength(1);
  });
});
