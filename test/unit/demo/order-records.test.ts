import { describe, expect, it } from 'vitest';
import { SeededRandomness } from '../../../lib/testing/index.ts';
import { type OrderRecord, orderRecords } from '../../../local/demo/order-records.ts';
import { recordKind } from '../../../local/demo/record-kind.ts';

const text = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes);
const makes = (count = 10_000, seed = 1): readonly OrderRecord[] =>
  orderRecords(1, count, 12, new SeededRandomness(seed)).records;

function kindOf({ partition, value }: OrderRecord, offset: number): ReturnType<typeof recordKind> {
  return recordKind(value, { topic: 'orders', partition, offset });
}

describe('orderRecords', () => {
  it('makes the promised shares of duplicates, records without an ID, tombstones and poison', () => {
    const records = makes();
    const kinds = Map.groupBy(records.map(kindOf), ({ kind }) => kind);
    const orders = kinds.get('order') ?? [];
    const distinct = new Set(orders.map((one) => ('reference' in one ? one.reference : '')));
    expect(records).toHaveLength(10_000);
    expect(orders.length - distinct.size).toBe(1_000);
    expect(kinds.get('withoutId')).toHaveLength(100);
    expect(kinds.get('tombstone')).toHaveLength(100);
    expect(kinds.get('poison')).toHaveLength(50);
    expect(orderRecords(1, 10_000, 12, new SeededRandomness(1)).orders).toBe(distinct.size + 100);
  });

  it('repeats an order word for word in its partition, mostly near and sometimes far', () => {
    const first = new Map<string, number>();
    const distances: number[] = [];
    const records = makes();
    records.forEach((record, index) => {
      if (record.value === undefined || record.key === undefined) return;
      const earlier = first.get(text(record.key));
      if (earlier === undefined) first.set(text(record.key), index);
      else {
        distances.push(index - earlier);
        expect(record).toMatchObject({ partition: records[earlier]?.partition, value: records[earlier]?.value });
      }
    });
    const near = distances.filter((distance) => distance <= 40).length;
    expect(near / distances.length).toBeGreaterThan(0.7);
    expect(near).toBeLessThan(distances.length);
    expect(Math.max(...distances)).toBeGreaterThan(1_000);
  });

  it('has headers with bytes beyond ASCII, no JSON and a wrong schema among the values', () => {
    const records = makes();
    expect(records.some(({ headers }) => [...headers.values()].some((bytes) => bytes.some((byte) => byte > 127)))).toBe(
      true,
    );
    expect(records.some(({ value }) => value?.[0] === 0xff)).toBe(true);
    expect(records.some(({ value }) => /"amountCents":"/.test(text(value)))).toBe(true);
  });

  it('uses all partitions, and says the same for the same seed', () => {
    expect(new Set(makes().map(({ partition }) => partition)).size).toBe(12);
    expect(makes(500, 3)).toEqual(makes(500, 3));
    expect(makes(500, 3)).not.toEqual(makes(500, 4));
  });
});

describe('recordKind', () => {
  const at = { topic: 'orders', partition: 2, offset: 9 };
  const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

  it.each([
    [undefined, { kind: 'tombstone' }],
    [Uint8Array.from([0xff]), { kind: 'poison' }],
    [bytes('{"orderId":'), { kind: 'poison' }],
    [bytes('7'), { kind: 'poison' }],
    [bytes('{"orderId":"a"}'), { kind: 'poison' }],
    [bytes('{"orderId":"a","amountCents":1}'), { kind: 'order', reference: 'a' }],
    [bytes('{"orderId":null,"amountCents":1}'), { kind: 'withoutId', reference: 'orders-2@9' }],
    [bytes('{"amountCents":1}'), { kind: 'withoutId', reference: 'orders-2@9' }],
  ])('%s', (value, kind) => {
    expect(recordKind(value, at)).toEqual(kind);
  });
});
