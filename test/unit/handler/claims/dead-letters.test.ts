import { describe, expect, it } from 'vitest';
import type { StoreOperation } from '../../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { DeadLetterNotStoredError } from '../../../../lib/core/dead-letter/dead-letter-error.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { DeadLetterSink } from '../../../../lib/ports/dead-letter-sink.ts';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';

const poison: BenchRecord = { offset: 0, id: 'order', payload: 'poison' };
const resend: BenchRecord = { offset: 7, id: 'order', payload: 'corrected' };

/** Refuses records whose payload is poison, for good. */
function refusePoison({ value }: { readonly value: unknown }): void {
  if (JSON.stringify(value).includes('poison')) throw new UnprocessableRecordError('no use');
}

function benchOf(options: ConstructorParameters<typeof HandlerBench>[1] = {}, store = new MemoryStore()): HandlerBench {
  return new HandlerBench(refusePoison, { rememberedCompletions: 0, ...options }, { store });
}

function payloads(bench: HandlerBench): unknown[] {
  return bench.handlings.map(({ at }) => at);
}

describe('a dead-lettered record', () => {
  it('is marked under its coordinates, never under its business ID', async () => {
    const bench = benchOf();
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect(bench.store.peek(coordinatesKeyOf(poison))?.status).toBe('COMPLETED');
    expect(bench.store.peek(keyOf(poison))).toMatchObject({ status: 'INPROGRESS', owner: undefined, attempts: 0 });
  });

  it('is a duplicate when it is delivered again: no second letter, no second call', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@0')).toBe('duplicate');
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect(bench.handlings).toHaveLength(1);
  });

  it('leaves its business ID to a corrected resend', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    expect(await bench.invoke([resend])).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@7')).toBe('handled');
    expect(bench.store.peek(keyOf(resend))?.status).toBe('COMPLETED');
  });

  it('is still a duplicate, and no mismatch, when it comes again after the corrected resend', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    await bench.invoke([resend]);
    expect(await bench.invoke([poison, resend])).toEqual({ undone: [] });
    expect([...bench.outcomes().values()]).toEqual(['duplicate', 'duplicate']);
    expect(bench.observations.filter(({ type }) => type === 'fingerprintMismatch')).toEqual([]);
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it.each([true, false])(
    'is followed by its resend in the same batch, and both are duplicates later (cache: %s)',
    async (cache) => {
      const bench = benchOf(cache ? { rememberedCompletions: 10 } : {});
      for (let delivery = 0; delivery < 3; delivery += 1) {
        expect(await bench.invoke([poison, resend])).toEqual({ undone: [] });
      }
      expect(payloads(bench)).toEqual(['orders-0@0', 'orders-0@7']);
      expect(bench.deadLetters.letters).toHaveLength(1);
    },
  );

  it('without a business ID is completed under its coordinates, which are its key', async () => {
    const bench = benchOf();
    const nameless: BenchRecord = { offset: 3, payload: 'poison' };
    await bench.invoke([nameless]);
    expect(keyOf(nameless)).toBe(coordinatesKeyOf(nameless));
    expect(bench.store.keys()).toEqual([keyOf(nameless)]);
    expect(bench.store.peek(keyOf(nameless))?.status).toBe('COMPLETED');
    await bench.invoke([nameless]);
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('is done although its mark cannot be written; a redelivery costs a second letter', async () => {
    const failing = new Set<StoreOperation>(['markCompleted']);
    const store = new MemoryStore({ faults: (operation) => (failing.has(operation) ? 'throttle' : undefined) });
    const bench = benchOf({}, store);
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    failing.clear();
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(2);
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(2);
  });

  it('is marked once the store can be written again: no second letter', async () => {
    let failures = 3;
    const store = new MemoryStore({
      faults: (operation) => {
        if (operation !== 'markCompleted' || failures === 0) return undefined;
        failures -= 1;
        return 'cutBefore';
      },
    });
    const bench = benchOf({}, store);
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.store.peek(coordinatesKeyOf(poison))?.status).toBe('COMPLETED');
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('waits for its coordinates to be read where the store fails at that', async () => {
    let failures = 3;
    const store = new MemoryStore({
      faults: (operation) => {
        if (operation !== 'read' || failures === 0) return undefined;
        failures -= 1;
        return 'cutAfter';
      },
    });
    const bench = benchOf({}, store);
    await bench.invoke([poison]);
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(failures).toBe(0);
    expect(bench.deadLetters.letters).toHaveLength(1);
  });
});

describe('a dead-letter sink', () => {
  it('that is down makes the record failed: not acknowledged, not marked, and tried again', async () => {
    const bench = benchOf();
    bench.deadLetters.fault = 'refuse';
    expect(await bench.invoke([poison, { offset: 1, id: 'next' }])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.store.peek(coordinatesKeyOf(poison))).toBeUndefined();
    expect(bench.store.peek(keyOf(poison))).toMatchObject({ status: 'INPROGRESS', owner: undefined, attempts: 1 });
    expect([...bench.outcomes().values()]).toEqual(['failed', 'heldBack']);
    bench.deadLetters.fault = undefined;
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('that loses its answer is not believed: the letter is sent again', async () => {
    const bench = benchOf();
    bench.deadLetters.fault = 'loseAnswer';
    expect(await bench.invoke([poison])).toEqual({ undone: ['orders-0@0'] });
    bench.deadLetters.fault = undefined;
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(2);
  });

  it.each([
    ['hangs until its signal ends the call', undefined],
    ['ignores its signal', { send: () => new Promise<never>(() => undefined) }],
  ] satisfies [string, DeadLetterSink | undefined][])(
    'that %s costs no more than the time budget',
    async (_how, deadLetters) => {
      const bench = benchOf(deadLetters === undefined ? {} : { deadLetters });
      bench.deadLetters.fault = 'hang';
      const startedAtMs = bench.clock.nowMs();
      expect(await bench.invoke([poison], 10_000)).toEqual({ undone: ['orders-0@0'] });
      expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(10_000);
      expect(bench.clock.pending).toBe(0);
      expect(bench.store.peek(coordinatesKeyOf(poison))).toBeUndefined();
      expect(bench.observations.some(({ type }) => type === 'deadLetterFailed')).toBe(true);
      // There is time left to release the claim: nobody takes the outcome for unknown.
      expect(bench.store.peek(keyOf(poison))).toMatchObject({ owner: undefined, attempts: 1 });
      expect(bench.observations.filter(({ type }) => type === 'storeFailed')).toEqual([]);
    },
  );

  it.each([
    ['of the user is told by the place where it failed, not by its words', new Error('poison 4111'), undefined],
    ['of the toolkit is told by its words', new DeadLetterNotStoredError('orders-0@0: queue full'), 'queue full'],
  ])('%s', async (_, failure, told) => {
    const bench = benchOf({ deadLetters: { send: () => Promise.reject(failure) } });
    expect(await bench.invoke([poison])).toEqual({ undone: ['orders-0@0'] });
    const failures = bench.observations.filter(({ type }) => type === 'deadLetterFailed');
    expect(failures).toMatchObject([{ errorName: failure.name, detail: expect.stringContaining(told ?? '.test.ts:') }]);
    expect(JSON.stringify(bench.observations)).not.toContain('4111');
  });

  it('that hangs makes no outcome unknown: the reason stays, and a corrected resend is handled', async () => {
    const bench = benchOf({ onUnknownOutcome: 'deadLetter' });
    bench.deadLetters.fault = 'hang';
    expect(await bench.invoke([poison], 10_000)).toEqual({ undone: ['orders-0@0'] });
    bench.deadLetters.fault = undefined;
    expect(await bench.invoke([poison], 10_000)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map(({ reason }) => reason)).toEqual(['unprocessable']);
    expect(await bench.invoke([resend])).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@7')).toBe('handled');
  });

  it('keeps the lease while it is slow', async () => {
    const letters: string[] = [];
    const bench: HandlerBench = benchOf({
      leaseMs: 1_000,
      deadLetters: {
        send: async (letter) => {
          await new Promise<void>((resolve) => bench.clock.schedule(10_000, resolve));
          expect(bench.store.peek(keyOf(poison))?.leaseUntilMs).toBeGreaterThan(bench.clock.nowMs());
          letters.push(letter.reason);
        },
      },
    });
    expect(await bench.invoke([poison])).toEqual({ undone: [] });
    expect(letters).toEqual(['unprocessable']);
  });
});
