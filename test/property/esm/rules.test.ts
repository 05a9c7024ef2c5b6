import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type InvocationResult, judge } from '../../../lib/core/esm/answer.ts';
import { type Batch, newBatch, offsetsToDeliver, toDeliver } from '../../../lib/core/esm/batch.ts';
import { decideBatch, maximumPayloadBytes, takenRecords, type WaitingRecord } from '../../../lib/core/esm/batching.ts';
import {
  type EventShape,
  emptyEventBytes,
  eventJson,
  eventRecord,
  partitionBytes,
} from '../../../lib/core/esm/event.ts';
import { type BatchPlan, type PartialResponseReading, planAfter } from '../../../lib/core/esm/retry.ts';

const shape: EventShape = {
  source: { eventSource: 'aws:kafka', eventSourceArn: 'arn:ö' },
  bootstrapServers: 'b-1:9098',
  redelivery: 'records',
};

/** Sizes of values by topic-partition: small, some of which only two fit an event, and one that fits none. */
const valueSize = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 10, 100) },
  { weight: 1, arbitrary: fc.constantFrom(2_000_000, 5_000_000) },
);
const valueSizes = fc.array(fc.array(valueSize, { maxLength: 12 }), { minLength: 1, maxLength: 3 });

/** How an invocation ends: all done, an error, a throttle, or the records at these places of the event named. */
const ending = fc.oneof(
  fc.constant('done' as const),
  fc.constant('error' as const),
  fc.constant('throttled' as const),
  fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
);

interface Run {
  /** Each delivery as a list of `<topic>-<partition>@<offset>`. */
  readonly deliveries: string[][];
  readonly done: Set<string>;
  readonly dropped: Set<string>;
}

describe('the rules of the event source mapping', () => {
  it.prop(
    [
      valueSizes,
      fc.array(ending, { maxLength: 40 }),
      fc.record({
        batchSize: fc.integer({ min: 1, max: 7 }),
        maximumRetryAttempts: fc.constantFrom(-1, 0, 1, 3),
        partialResponseReading: fc.constantFrom<PartialResponseReading>('named', 'fromLowest'),
      }),
    ],
    { numRuns: 100 },
  )('lose nothing, commit nothing undone and keep the order and the limits', (sizes, endings, rules) => {
    const settings = { ...rules, batchingWindowMs: 0, reportsBatchItemFailures: true };
    const values = new Map<number, Uint8Array>();
    const queues = sizes.map((list, partition) =>
      list.map((size, index): WaitingRecord => {
        const value = values.get(size) ?? new Uint8Array(size);
        values.set(size, value);
        const timestamp = { timestampMs: 1, timestampType: 'CREATE_TIME' } as const;
        const at = { topic: 'ö-1', partition, offset: index * 2 };
        return { ...eventRecord({ ...at, ...timestamp, key: null, value, headers: [] }, shape), polledAtMs: 0 };
      }),
    );
    const all = queues.flat().map(name);
    const run: Run = { deliveries: [], done: new Set(), dropped: new Set() };
    const committed = new Map<string, number>();
    const script = endings.values();

    const commit = (partition: string, offset: number): void => {
      expect(offset).toBeGreaterThan(committed.get(partition) ?? -1);
      committed.set(partition, offset);
      const below = all.filter((id) => id.startsWith(`${partition}@`) && Number(id.split('@')[1]) < offset);
      expect(below.filter((id) => !run.done.has(id) && !run.dropped.has(id))).toEqual([]);
    };

    for (;;) {
      const decision = decideBatch(queues, settings, shape, 0);
      if (decision.kind === 'idle') {
        break;
      }
      if (decision.kind === 'refuse') {
        const refused = queues[decision.queue]?.shift();
        if (refused !== undefined) {
          expect(refused.jsonBytes).toBeGreaterThan(maximumPayloadBytes / 2);
          run.dropped.add(name(refused));
          commit(`ö-1-${refused.partition}`, refused.offset + 1);
        }
        continue;
      }
      if (decision.kind === 'wait') {
        throw new Error('a window of 0 never waits');
      }
      let batch: Batch<WaitingRecord> | undefined = newBatch(takenRecords(queues, decision.taken));
      for (const [queue, count] of decision.taken.entries()) {
        queues[queue]?.splice(0, count);
      }
      for (let tries = 0; batch !== undefined; tries += 1) {
        const records = toDeliver(batch);
        const list = [...records.values()].flat();
        const json = eventJson(records, shape, tries === 0 ? 'first' : 'again');
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maximumPayloadBytes);
        expect(list.length).toBeLessThanOrEqual(rules.batchSize);
        run.deliveries.push(list.map(name));
        const next = script.next();
        const { result, undone } = end(next.done === true ? 'done' : next.value, list);
        const verdict = judge(result, offsetsToDeliver(batch), settings);
        const plan: BatchPlan<WaitingRecord> = planAfter(batch, verdict, rules);
        for (const record of list.filter((r) => !undone.has(name(r)))) {
          run.done.add(name(record));
        }
        for (const record of plan.dropped) {
          run.dropped.add(name(record));
        }
        for (const [partition, offset] of plan.commits) {
          commit(partition, offset);
        }
        const again = new Set(plan.retry === undefined ? [] : [...toDeliver(plan.retry).values()].flat().map(name));
        expect([...undone].filter((id) => !again.has(id) && !run.dropped.has(id))).toEqual([]);
        batch = plan.retry;
      }
    }

    expect(all.filter((id) => !run.done.has(id) && !run.dropped.has(id))).toEqual([]);
    if (rules.maximumRetryAttempts === -1) {
      const firsts = [...new Set(run.deliveries.flat())];
      expect([...run.done].sort()).toEqual([...firsts].sort());
    }
    for (const partition of sizes.keys()) {
      const offsets = [...new Set(run.deliveries.flat())]
        .filter((id) => id.startsWith(`ö-1-${partition}@`))
        .map((id) => Number(id.split('@')[1]));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      const last = sizes[partition]?.length ?? 0;
      expect(committed.get(`ö-1-${partition}`)).toBe(last === 0 ? undefined : last * 2 - 1);
    }
  });

  it.prop([fc.array(fc.array(fc.nat(3_000), { maxLength: 30 }), { maxLength: 4 })])(
    'measure an event to within a byte of its JSON text',
    (sizes) => {
      const queues = sizes.map((list, partition) =>
        list.map((size, offset): WaitingRecord => {
          const at = { topic: 't', partition, offset, timestampMs: 5, timestampType: 'CREATE_TIME' } as const;
          const headers = [{ name: 'ß', value: new Uint8Array(size % 7) }];
          return { ...eventRecord({ ...at, key: null, value: new Uint8Array(size), headers }, shape), polledAtMs: 0 };
        }),
      );
      const lists = queues.filter((queue) => queue.length > 0);
      const records = takenRecords(
        lists,
        lists.map((queue) => queue.length),
      );
      const text = eventJson(records, shape, 'first');
      const measured = lists.reduce((bytes, [first, ...rest]) => {
        const head = first === undefined ? 0 : partitionBytes(first) + first.jsonBytes;
        return rest.reduce((sum, { jsonBytes }) => sum + 1 + jsonBytes, bytes + head);
      }, emptyEventBytes(shape));
      expect(measured - Buffer.byteLength(text)).toBe(lists.length === 0 ? 0 : 1);
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    },
  );
});

function name(record: WaitingRecord): string {
  return `ö-1-${record.partition}@${record.offset}`;
}

function end(
  how: 'done' | 'error' | 'throttled' | number[],
  list: readonly WaitingRecord[],
): { result: InvocationResult; undone: Set<string> } {
  if (how === 'error') {
    return { result: { kind: 'functionError', errorType: 'Error', errorMessage: '' }, undone: new Set(list.map(name)) };
  }
  if (how === 'throttled') {
    return { result: { kind: 'notInvoked', reason: 'throttled' }, undone: new Set(list.map(name)) };
  }
  const named = new Set((how === 'done' ? [] : how).map((place) => place % list.length));
  const failures = list.filter((_, place) => named.has(place));
  const batchItemFailures = failures.map(({ partition, offset }) => ({
    itemIdentifier: { partition: `ö-1-${partition}`, offset },
  }));
  return {
    result: { kind: 'returned', payload: JSON.stringify({ batchItemFailures }) },
    undone: new Set(failures.map(name)),
  };
}
