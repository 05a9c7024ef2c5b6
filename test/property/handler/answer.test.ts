import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { fallbackKey, type KeySettings, recordKey } from '../../../lib/core/idempotency-key/idempotency-key.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { type PlannedRecord, plannedBatch, randomFaults } from '../../support/batches.ts';
import { at, HandlerBench } from '../../support/handler-bench.ts';
import { PlannedHandler } from '../../support/planned-handler.ts';

const keys: KeySettings = {
  namespace: 'bench',
  clusterLabel: 'default',
  scope: 'topic',
  hash: 'sha256',
  onMissingBusinessId: 'fallback',
};

/** Whether store and dead letters prove that a record is done, asked without the toolkit's own word. */
function isProven(bench: HandlerBench, record: PlannedRecord): boolean {
  const received = { topic: 'orders', ...record, timestampMs: 1_700_000_000_000 };
  const own = recordKey(record.id, received, keys).idempotencyKey;
  const isMarked = [own, fallbackKey(received, keys)].some((key) => bench.store.peek(key)?.status === 'COMPLETED');
  const place = at(received);
  return isMarked || bench.deadLetters.letters.some((letter) => at(letter.record) === place);
}

function places(records: readonly PlannedRecord[]): string[] {
  return records.map((record) => at({ topic: 'orders', ...record }));
}

const ordering = fc.constantFrom('partition', 'key', 'none' as const);

describe('the answer', () => {
  it('names every record that is not done, whatever the store does', async () => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(),
        ordering,
        fc.boolean(),
        fc.integer(),
        fc.constantFrom(0, 0.1, 0.4, 0.9, 1),
        fc.constantFrom(undefined, 'refuse' as const, 'loseAnswer' as const, 'hang' as const),
        async (batch, orderedBy, reports, seed, chance, sinkFault) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ faults: randomFaults(seed, chance) });
          const planned = new PlannedHandler(batch, clock);
          const failureReporting = reports ? { report: ['orders'] } : ('throw' as const);
          const options = { ordering: orderedBy, failureReporting, leaseMs: 3_000 };
          const bench = new HandlerBench(planned.handle, options, { clock, store });
          bench.deadLetters.fault = sinkFault;
          const answer = await bench.invoke(batch, 20_000);
          if (!('undone' in answer)) throw answer.threw;
          const undone = new Set(answer.undone);
          for (const record of batch) {
            const isUndone = undone.has(at({ topic: 'orders', ...record }));
            if (!isUndone) expect(isProven(bench, record), `${at({ topic: 'orders', ...record })}`).toBe(true);
          }
          expect(bench.clock.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names nothing else, when the store works', async () => {
    await fc.assert(
      fc.asyncProperty(plannedBatch(), ordering, async (batch, orderedBy) => {
        const clock = new FakeClock();
        const planned = new PlannedHandler(batch, clock);
        const bench = new HandlerBench(planned.handle, { ordering: orderedBy }, { clock });
        const answer = await bench.invoke(batch);
        if (!('undone' in answer)) throw answer.threw;
        const outcomes = bench.outcomes();
        expect([...outcomes.keys()].sort()).toEqual(places(batch).sort());
        const failed = new Set(planned.failures.map((failure) => failure.at));
        for (const place of answer.undone) {
          // A failed record threw; any other undone one stands behind such a record.
          if (outcomes.get(place) === 'failed') expect(failed.has(place), place).toBe(true);
          else expect(outcomes.get(place)).toBe('heldBack');
        }
        expect(new Set(answer.undone)).toEqual(
          new Set(places(batch).filter((place) => ['failed', 'heldBack'].includes(outcomes.get(place) ?? ''))),
        );
      }),
      { numRuns: 300 },
    );
  });
});
