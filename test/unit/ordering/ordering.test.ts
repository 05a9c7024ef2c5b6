import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ordering, orderingUnits } from '../../../lib/core/ordering/ordering.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';

function record(topic: string, partition: number, offset: number, key: unknown = null): ReceivedRecord {
  return {
    topic,
    partition,
    offset,
    key,
    value: null,
    headers: null,
    timestampMs: undefined,
    timestampType: undefined,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
  };
}

/** Keys as they may stand in an event: base64, absent, malformed. */
const key = fc.constantFrom<unknown>('YQ==', 'Yg==', 'a/b/', null, 7, {}, 'no base64');
const batch = fc
  .array(fc.tuple(fc.constantFrom('a', 'a-1', 'a.1'), fc.constantFrom(0, 1, 10), key), { maxLength: 80 })
  .map((all) => all.map(([topic, partition, ofKey], offset) => record(topic, partition, offset, ofKey)));
const ordering = fc.constantFrom<Ordering>('partition', 'key', 'none');

describe('orderingUnits', () => {
  it('puts each record of the batch into one unit, in the order of the batch', () => {
    fc.assert(
      fc.property(batch, ordering, (records, by) => {
        const units = orderingUnits(records, by);
        expect(units.every((unit) => unit.length > 0)).toBe(true);
        const all = units.flat();
        expect(all).toHaveLength(records.length);
        expect(new Set(all)).toEqual(new Set(records));
        for (const unit of units) {
          const places = unit.map((one) => records.indexOf(one));
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
        const firsts = units.map(([first]) => (first === undefined ? -1 : records.indexOf(first)));
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }),
    );
  });

  it("has one unit a topic-partition under 'partition'", () => {
    fc.assert(
      fc.property(batch, (records) => {
        const units = orderingUnits(records, 'partition');
        const names = units.map((unit) => new Set(unit.map((one) => `${one.topic} ${one.partition}`)));
        expect(names.every((ofUnit) => ofUnit.size === 1)).toBe(true);
        expect(units).toHaveLength(new Set(records.map((one) => `${one.topic} ${one.partition}`)).size);
      }),
    );
  });

  it("keeps apart 'a-1' partition 0 and 'a' partition 10, whose names look alike", () => {
    const records = [record('a-1', 0, 0, 'YQ=='), record('a', 10, 0, 'YQ=='), record('a', 1, 0, 'YQ==')];
    expect(orderingUnits(records, 'partition')).toHaveLength(3);
    expect(orderingUnits(records, 'key')).toHaveLength(3);
  });

  it("has one unit a Kafka key within a topic-partition under 'key', and one for each record without a key", () => {
    const records = [
      record('a', 0, 0, 'YQ=='),
      record('a', 0, 1),
      record('a', 0, 2, 'Yg=='),
      record('a', 0, 3, 'YQ=='),
      record('a', 0, 4),
      record('a', 1, 5, 'YQ=='),
    ];
    const units = orderingUnits(records, 'key').map((unit) => unit.map((one) => one.offset));
    expect(units).toEqual([[0, 3], [1], [2], [4], [5]]);
  });

  it("leaves a record whose key is malformed on its own under 'key'", () => {
    const records = [record('a', 0, 0, 7), record('a', 0, 1, 7), record('a', 0, 2, {}), record('a', 0, 3, '')];
    expect(orderingUnits(records, 'key')).toHaveLength(4);
  });

  it("leaves every record on its own under 'none'", () => {
    fc.assert(
      fc.property(batch, (records) => {
        expect(orderingUnits(records, 'none')).toEqual(records.map((one) => [one]));
      }),
    );
  });
});
