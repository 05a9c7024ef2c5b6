import { describe, expect, it } from 'vitest';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';
import { type Ordering, orderingUnits } from '../../../lib/core/ordering/ordering.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';
import { type BenchRecord, lambdaEvent } from '../../support/handler-bench.ts';

function unitsOf(records: readonly BenchRecord[], ordering: Ordering): number[][] {
  const received: readonly ReceivedRecord[] = receiveEvent(lambdaEvent(records));
  return orderingUnits(received, ordering).map((unit) => unit.map(({ offset }) => offset));
}

const records: BenchRecord[] = [
  { partition: 0, offset: 1, key: 'a' },
  { partition: 0, offset: 2, key: 'b' },
  { partition: 1, offset: 3, key: 'a' },
  { partition: 0, offset: 4, key: 'a' },
  { partition: 1, offset: 5 },
  { partition: 1, offset: 6 },
  { partition: 0, offset: 7, key: '' },
  { partition: 0, offset: 8, key: '' },
  { topic: 'orders-0', partition: 1, offset: 9, key: 'a' },
  { topic: 'orders', partition: 1, offset: 10, key: 'a' },
];

describe('ordering units', () => {
  it("are the topic-partitions with 'partition'", () => {
    expect(unitsOf(records, 'partition')).toEqual([[1, 2, 4, 7, 8], [3, 5, 6, 10], [9]]);
  });

  it("are the Kafka keys within a topic-partition with 'key'; a record without one is on its own", () => {
    expect(unitsOf(records, 'key')).toEqual([[1, 4], [2], [7], [8], [3, 10], [5], [6], [9]]);
  });

  it("are single records with 'none'", () => {
    const units = unitsOf(records, 'none');
    expect(units).toHaveLength(records.length);
    expect(units.every((unit) => unit.length === 1)).toBe(true);
  });

  it('do not mix a key with the name of another topic-partition', () => {
    const tricky: BenchRecord[] = [
      { topic: 'a', partition: 1, offset: 1, key: 'x' },
      { topic: 'a-1', partition: 1, offset: 2, key: 'x' },
      { topic: 'a', partition: 11, offset: 3, key: 'x' },
    ];
    expect(unitsOf(tricky, 'key')).toEqual([[1], [2], [3]]);
    expect(unitsOf(tricky, 'partition')).toEqual([[1], [2], [3]]);
  });

  it('are none for no record', () => {
    expect(orderingUnits([], 'partition')).toEqual([]);
  });
});
