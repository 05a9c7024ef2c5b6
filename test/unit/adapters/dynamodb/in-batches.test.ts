import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inBatches } from '../../../../lib/adapters/dynamodb/in-batches.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';

const attempt = { tableName: 'orders', operation: 'insert' };

it('answers one result an item, in order, within its bounds, whatever takes how long and fails', async () => {
  const plan = fc.record({
    count: fc.nat({ max: 130 }),
    batchSize: fc.integer({ min: 1, max: 25 }),
    requestsInFlight: fc.integer({ min: 1, max: 6 }),
    delaysMs: fc.infiniteStream(fc.nat({ max: 20 })),
    broken: fc.infiniteStream(fc.boolean()),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ count, batchSize, requestsInFlight, delaysMs, broken }) => {
      const clock = new FakeClock();
      const lost = new Set<number>();
      let underWay = 0;
      let most = 0;
      let requests = 0;
      const send = async (batch: readonly number[]) => {
        requests += 1;
        underWay += 1;
        most = Math.max(most, underWay);
        expect(batch.length).toBeLessThanOrEqual(batchSize);
        const delayMs = delaysMs.next().value;
        await new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
        underWay -= 1;
        if (broken.next().value) {
          for (const item of batch) {
            lost.add(item);
          }
          throw new Error('socket hang up');
        }
        return batch.map((item) => ({ kind: 'sent', item }));
      };
      const items = Array.from({ length: count }, (_, index) => index);
      const results = await clock.runUntilSettled(inBatches(items, { batchSize, requestsInFlight, attempt }, send));
      expect(results).toMatchObject(
        items.map((item) =>
          lost.has(item) ? { kind: 'failed', error: { kind: 'unavailable' } } : { kind: 'sent', item },
        ),
      );
      expect(most).toBeLessThanOrEqual(requestsInFlight);
      expect(requests).toBe(Math.ceil(count / batchSize));
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 50 },
  );
});
