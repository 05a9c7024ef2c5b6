import { describe, expect, it } from 'vitest';
import { SeededRandomness } from '../../../../lib/testing/index.ts';
import { expectedBooks } from '../../../../local/demo/order-ledger/books.ts';
import { type Step, stepIn } from '../../../../local/demo/order-ledger/step.ts';
import { type StepRecords, stepRecords } from '../../../../local/demo/order-ledger/step-records.ts';
import type { StoredRecord } from '../../../../local/demo/topic.ts';

const makes = (count = 5_000, seed = 1): StepRecords => stepRecords(count, 12, new SeededRandomness(seed));

/** As the broker has them. */
function stored({ records }: StepRecords): readonly StoredRecord<Step | undefined>[] {
  const next = new Map<number, number>();
  return records.map(({ partition, value }) => {
    const offset = next.get(partition) ?? 0;
    next.set(partition, offset + 1);
    return { topic: 'ledger', partition, offset, timestampMs: 0, what: stepIn(value) };
  });
}

describe('stepRecords', () => {
  it('has as many steps to book as it says, and duplicates, wrong steps and poison among them', () => {
    const made = makes();
    const records = stored(made);
    const { steps, refused } = expectedBooks(records);
    expect(made.records).toHaveLength(5_000);
    expect(steps).toBe(made.steps);
    expect(records.filter(({ what }) => what === undefined).length).toBeGreaterThan(20);
    expect(refused.size).toBeGreaterThan(100);
    expect(steps + refused.size).toBeLessThan(4_700);
  });

  it('says the same for the same seed', () => {
    expect(makes(500, 3)).toEqual(makes(500, 3));
    expect(makes(500, 3)).not.toEqual(makes(500, 4));
  });

  it('keeps the steps of an order in one partition, and most orders of an account', () => {
    const records = stored(makes()).flatMap(({ partition, what }) => (what === undefined ? [] : [{ partition, what }]));
    for (const ofOrder of Map.groupBy(records, ({ what }) => what.orderId).values()) {
      expect(new Set(ofOrder.map(({ partition }) => partition)).size).toBe(1);
    }
    const home = ({ partition, what }: { partition: number; what: Step }): boolean =>
      Number(what.accountId.slice('account-'.length)) % 12 === partition;
    const share = records.filter(home).length / records.length;
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(1);
  });
});

describe('stepIn', () => {
  const step = { orderId: 'o', accountId: 'a', amountCents: 1, status: 'PAID' };
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

  it('reads a step', () => {
    expect(stepIn(bytes({ ...step, more: 1 }))).toEqual(step);
  });

  it.each([
    undefined,
    Uint8Array.from([0xff]),
    bytes(7),
    bytes({ ...step, orderId: 7 }),
    bytes({ ...step, accountId: undefined }),
    bytes({ ...step, amountCents: '1' }),
    bytes({ ...step, status: 'SHIPPED' }),
  ])('finds none in what is to become a dead letter', (value) => {
    expect(stepIn(value)).toBeUndefined();
  });
});
