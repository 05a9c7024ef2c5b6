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

/** What the SDK rejects with, for an answer of this status. */
function rejection(name: string, httpStatusCode: number, message = 'too much'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

it.each([
  ['for its size', () => rejection('RequestEntityTooLarge', 413)],
  ['for its form', () => rejection('ValidationException', 400)],
])(
  'sends a request that is refused whole %s again one by one, so that one item harms no neighbour',
  async (_, refused) => {
    const sent: (readonly string[])[] = [];
    const send = async (batch: readonly string[]) => {
      sent.push(batch);
      if (batch.includes('bad')) throw refused();
      return batch.map((item) => ({ kind: 'sent', item }));
    };
    const results = await inBatches(['a', 'bad', 'c'], { batchSize: 25, requestsInFlight: 1, attempt }, send);
    expect(results).toMatchObject([
      { kind: 'sent', item: 'a' },
      { kind: 'failed', error: { kind: 'unstorable' } },
      { kind: 'sent', item: 'c' },
    ]);
    expect(sent).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  },
);

it('sends a request once that is refused for the table', async () => {
  let requests = 0;
  const send = async (): Promise<readonly { readonly kind: 'sent' }[]> => {
    requests += 1;
    throw rejection('ValidationException', 400, 'The provided key element does not match the schema');
  };
  const results = await inBatches(['a', 'b'], { batchSize: 25, requestsInFlight: 1, attempt }, send);
  expect(results).toMatchObject(results.map(() => ({ kind: 'failed', error: { kind: 'configuration' } })));
  expect(results).toHaveLength(2);
  expect(requests).toBe(1);
});
