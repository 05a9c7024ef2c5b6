import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import {
  at,
  type BenchAnswer,
  type BenchOptions,
  type BenchRecord,
  HandlerBench,
  idOf,
  lambdaEvent,
} from '../../support/handler-bench.ts';
import { MortalProcess } from '../../support/mortal-process.ts';

/** A function whose process can be lost, invoked with one batch until all of it is done. */
class CrashingFunction {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly deadLetters: MemoryDeadLetters;
  readonly effects = new Map<string, number>();
  /** Effects without a completed marker at the kills: those that may be repeated. */
  window = 0;
  kills = 0;
  readonly #options: BenchOptions;
  readonly #killers: ReadonlySet<unknown>;
  readonly #handlerMs: number;
  #unmarked = new Set<string>();
  #processes = 0;

  constructor(
    options: BenchOptions,
    handlerMs: number,
    killers: ReadonlySet<unknown> = new Set(),
    shared = { clock: new FakeClock(), store: new MemoryStore(), deadLetters: new MemoryDeadLetters() },
  ) {
    this.#options = options;
    this.#killers = killers;
    this.#handlerMs = handlerMs;
    this.clock = shared.clock;
    this.store = shared.store;
    this.deadLetters = shared.deadLetters;
  }

  /** Delivers the batch until it is done; the process is killed at these times after each delivery's start. */
  async deliver(batch: readonly BenchRecord[], killsAfterMs: readonly number[], seed: number): Promise<number> {
    const kills = [...killsAfterMs];
    for (let deliveries = 1; ; deliveries += 1) {
      if (deliveries > 400) throw new Error('still not done');
      const answer = await this.#invoke(batch, kills.shift(), seed);
      if (answer === 'killed') continue;
      if (!('undone' in answer)) throw answer.threw;
      if (answer.undone.length === 0) return deliveries;
    }
  }

  async #invoke(
    batch: readonly BenchRecord[],
    killAfterMs: number | undefined,
    seed: number,
  ): Promise<BenchAnswer | 'killed'> {
    this.#processes += 1;
    const process = new MortalProcess(this.clock, this.store);
    const died = Promise.withResolvers<'killed'>();
    const kill = (): void => {
      process.kill();
      this.kills += 1;
      this.window += [...this.#unmarked].filter((key) => this.store.peek(key)?.status !== 'COMPLETED').length;
      this.#unmarked = new Set();
      died.resolve('killed');
    };
    const bench = new HandlerBench(
      async (record, { idempotencyKey }) => {
        if (this.#handlerMs > 0) await new Promise<void>((resolve) => process.clock.schedule(this.#handlerMs, resolve));
        if (!process.isAlive) return;
        if (this.#killers.has(idOf(record.value))) {
          kill();
          return;
        }
        this.#unmarked.add(idempotencyKey);
        const place = at(record);
        this.effects.set(place, (this.effects.get(place) ?? 0) + 1);
      },
      { rememberedCompletions: 0, ...this.#options },
      {
        clock: this.clock,
        store: this.store,
        deadLetters: this.deadLetters,
        process,
        seed: seed * 1000 + this.#processes,
      },
    );
    const cancel = killAfterMs === undefined ? undefined : this.clock.schedule(killAfterMs, kill);
    const answer = await this.clock.runUntilSettled(
      Promise.race([bench.start(lambdaEvent(batch), 30_000), died.promise]),
    );
    cancel?.();
    return answer;
  }

  repeats(): number {
    return [...this.effects.values()].reduce((sum, count) => sum + count - 1, 0);
  }
}

function batchOf(records: number, partitions: number): BenchRecord[] {
  return Array.from({ length: records }, (_, offset) => ({ partition: offset % partitions, offset, id: offset }));
}

const kills = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 8 });
const ordering = fc.constantFrom('partition' as const, 'key' as const, 'none' as const);

describe('crashes', () => {
  it('lose nothing, and repeat only what was handled but not confirmed when the process died', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 5, 150),
        kills,
        ordering,
        fc.constantFrom(1, 5, 25),
        fc.nat(),
        async (records, partitions, handlerMs, killTimes, orderedBy, completionLag, seed) => {
          const lambda = new CrashingFunction({ ordering: orderedBy, completionLag, leaseMs: 3_000 }, handlerMs);
          await lambda.deliver(batchOf(records, partitions), killTimes, seed);
          expect(lambda.effects.size).toBe(records);
          expect(lambda.repeats()).toBeLessThanOrEqual(lambda.window);
          if (orderedBy === 'partition')
            expect(lambda.window).toBeLessThanOrEqual(lambda.kills * partitions * completionLag);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are blamed on no neighbour: only what crashes alone is given up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 6 }),
        ordering,
        fc.nat(),
        async (records, partitions, picks, maxAttempts, killTimes, orderedBy, seed) => {
          const killers = new Set(picks.map((pick) => pick % records));
          const lambda = new CrashingFunction({ ordering: orderedBy, maxAttempts, leaseMs: 3_000 }, 20, killers);
          await lambda.deliver(batchOf(records, partitions), killTimes, seed);
          const letters = lambda.deadLetters.letters.map((letter) => letter.record.offset);
          // A neighbour is given up only if the process was killed from outside while it was alone, as often as allowed.
          const innocent = letters.filter((offset) => !killers.has(offset));
          if (killTimes.length < maxAttempts) expect(innocent).toEqual([]);
          for (const killer of killers) expect(letters).toContain(killer);
          for (let offset = 0; offset < records; offset += 1) {
            const isHandled = (lambda.effects.get(`orders-${offset % partitions}@${offset}`) ?? 0) > 0;
            expect(isHandled || letters.includes(offset)).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
