import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import type { EffectContext } from '../../../lib/handler/handler-context.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import {
  addOne,
  ledgerStore,
  type ModeBench,
  type ModeBenchParts,
  positionBench,
  transactionBench,
} from '../../support/effect-bench.ts';
import { at, type BenchAnswer, type BenchKafkaRecord, type BenchRecord } from '../../support/handler-bench.ts';
import { asMany, positionManyBench, transactionManyBench } from '../../support/many-bench.ts';
import { MortalProcess } from '../../support/mortal-process.ts';

interface Terms {
  readonly commit: 'each' | 'prefix';
  readonly maxAttempts: number;
  readonly ordering: 'partition' | 'key' | 'none';
  readonly countStarts: true;
}
type Handle = (record: BenchKafkaRecord, context: EffectContext) => Promise<void>;
type Make = (handle: Handle, terms: Terms, parts: ModeBenchParts) => ModeBench;

const systems: readonly (readonly [string, Make])[] = [
  ['transaction', (handle, terms, parts) => transactionBench(handle, terms, parts)],
  ['position', (handle, { ordering: _, ...terms }, parts) => positionBench(handle, terms, parts)],
  ['transaction, many a call', (handle, terms, parts) => transactionManyBench(asMany(handle), terms, parts)],
  [
    'position, many a call',
    (handle, { ordering: _, ...terms }, parts) => positionManyBench(asMany(handle), terms, parts),
  ],
];

/** A function whose process ends when one of the killers is handled, or at a moment after a delivery's start. */
class CrashingFunction {
  readonly clock = new FakeClock();
  readonly store = ledgerStore();
  readonly deadLetters = new MemoryDeadLetters();
  readonly #make: Make;
  readonly #terms: Terms;
  readonly #killers: ReadonlySet<number>;
  readonly #handlerMs: number;

  constructor(make: Make, terms: Terms, killers: ReadonlySet<number>, handlerMs: number) {
    this.#handlerMs = handlerMs;
    this.#make = make;
    this.#terms = terms;
    this.#killers = killers;
  }

  async deliver(batch: readonly BenchRecord[], killsAfterMs: readonly number[], seed: number): Promise<void> {
    const kills = [...killsAfterMs];
    for (let deliveries = 1; ; deliveries += 1) {
      if (deliveries > 400) throw new Error('still not done');
      const answer = await this.#invoke(batch, kills.shift(), seed * 1_000 + deliveries);
      if (answer === 'killed') continue;
      if (!('undone' in answer)) throw answer.threw;
      if (answer.undone.length === 0) return;
    }
  }

  async #invoke(batch: readonly BenchRecord[], killAfterMs: number | undefined, seed: number) {
    const process = new MortalProcess(this.clock, this.store);
    const { promise: died, resolve } = Promise.withResolvers<'killed'>();
    const kill = (): void => {
      process.kill();
      resolve('killed');
    };
    const handle: Handle = async (record, context) => {
      if (this.#handlerMs > 0) await new Promise<void>((done) => process.clock.schedule(this.#handlerMs, done));
      if (!process.isAlive) return;
      if (this.#killers.has(record.offset)) kill();
      else addOne(record, context);
    };
    const { clock, store, deadLetters } = this;
    const bench = this.#make(handle, this.#terms, { clock, store, deadLetters, process, seed });
    const cancel = killAfterMs === undefined ? undefined : clock.schedule(killAfterMs, kill);
    const answer: BenchAnswer | 'killed' = await clock.runUntilSettled(
      Promise.race([bench.start(batch, 30_000), died]),
    );
    cancel?.();
    return answer;
  }
}

describe.each(systems)('counted starts in mode %s', (mode, make) => {
  it('put aside what ends the process every time, and nothing else; the others take effect once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 6 }),
        fc.constantFrom('partition', 'key', 'none' as const),
        fc.constantFrom('each', 'prefix' as const),
        fc.constantFrom(0, 1, 5),
        fc.nat(),
        async (records, partitions, picks, maxAttempts, kills, ordering, commit, handlerMs, seed) => {
          const killers = new Set(picks.map((pick) => pick % records));
          const batch = Array.from({ length: records }, (_, offset) => ({
            partition: offset % partitions,
            offset,
            id: offset,
            key: `key-${offset % 7}`,
          }));
          const terms: Terms = { ordering, commit, maxAttempts, countStarts: true };
          const lambda = new CrashingFunction(make, terms, killers, handlerMs);
          await lambda.deliver(batch, kills, seed);
          const letters = new Set(lambda.deadLetters.letters.map((letter) => letter.record.offset));
          // Killed from outside while it was alone, as often as attempts are allowed, a neighbour is blamed as well.
          const innocent = [...letters].filter((offset) => !killers.has(offset));
          if (kills.length < maxAttempts) expect(innocent).toEqual([]);
          const effects = new Map(lambda.store.items('Ledger').map((item) => [item.id, item.count]));
          for (const record of batch) {
            const place = at({ topic: 'orders', ...record });
            if (killers.has(record.offset)) expect(letters, `${mode} ${place}`).toContain(record.offset);
            else if (!letters.has(record.offset)) expect(effects.get(place), `${mode} ${place}`).toBe(1);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
