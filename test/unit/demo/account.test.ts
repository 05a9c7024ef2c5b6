import { describe, expect, it } from 'vitest';
import { type Account, account, broken, type Evidence } from '../../../local/demo/account.ts';
import type { ChargeRequest } from '../../../local/demo/ledger.ts';
import type { StoredRecord } from '../../../local/demo/topic.ts';

const place = (offset: number): { topic: string; partition: number; offset: number; timestampMs: number } => ({
  ...{ topic: 'orders', partition: 0, offset, timestampMs: 0 },
});
const order = (offset: number, reference: string): StoredRecord => ({
  ...place(offset),
  what: { kind: 'order', reference },
});
const poison = (offset: number): StoredRecord => ({ ...place(offset), what: { kind: 'poison' } });
const charge = (phase: 1 | 2 | 3, reference: string, charged = true): ChargeRequest => ({
  ...{ phase, reference, charged },
  idempotencyKey: `key of ${reference}`,
});
const letter = (offset: number): Evidence['letters'][number] => ({ ...place(offset), reason: 'undecodable' });

function reckon(evidence: Partial<Evidence>): Account {
  const nothing = { records: [], requests: [], letters: [], lateLetters: [], windows: [], completedCharges: 0 };
  return account({ ...nothing, ...evidence });
}

const faults = (result: Account): number => broken(result, { kills: 5, droppedRecords: 0 }).length;

describe('account', () => {
  it('finds nothing wrong with a run in which all is charged once or dead-lettered', () => {
    const result = reckon({
      records: [order(0, 'a'), order(1, 'a'), poison(2), order(3, 'b')],
      requests: [charge(1, 'a'), charge(1, 'a', false), charge(2, 'b')],
      letters: [letter(2), letter(2)],
      completedCharges: 2,
    });
    expect(result).toMatchObject({ records: 4, handled: 2, duplicates: 1, deadLettered: 1, orders: 2, charges: 2 });
    expect(result).toMatchObject({ gatewayRequests: 3, absorbedByGateway: 1, lost: 0, doubled: 0, windowBound: 0 });
    expect(faults(result)).toBe(0);
  });

  it('counts as lost what has neither a charge nor a dead letter, poison too', () => {
    const result = reckon({ records: [order(0, 'a'), poison(1), order(2, 'b')], requests: [charge(1, 'b')] });
    expect(result.lost).toBe(2);
    expect(faults(result)).toBe(1);
  });

  it('counts second charges in the phase in which they are made', () => {
    const requests = [charge(1, 'a'), charge(1, 'a'), charge(2, 'a'), charge(2, 'b'), charge(2, 'b'), charge(3, 'b')];
    const result = reckon({ requests });
    expect(result).toMatchObject({ doubled: 1, repeatedInWindow: 2, repeatedAtRedelivery: 1, effectsAtRedelivery: 1 });
    expect(faults(result)).toBe(4);
  });

  it('lets a window of phase 2 explain one second charge of each of its orders', () => {
    const requests = [charge(2, 'a'), charge(2, 'a'), charge(2, 'b'), charge(2, 'b'), charge(2, 'b')];
    const windows = [
      { phase: 1, cause: 'disturbance', references: ['b'] },
      { phase: 2, cause: 'disturbance', references: ['a', 'b', 'c'] },
    ] as const;
    const result = reckon({ requests, windows });
    expect(result).toMatchObject({ repeatedInWindow: 3, windowBound: 3, repeatedOutsideWindow: 1 });
    expect(faults(result)).toBe(1);
    const again = reckon({ requests, windows: [...windows, { phase: 2, cause: 'answer', references: ['b'] }] });
    expect(again).toMatchObject({ windowBound: 3, unconfirmedAtAnswers: 1, repeatedOutsideWindow: 0 });
    expect(faults(again)).toBe(0);
    // As a function would that never confirms: no more of its answers are believed than of its kills.
    const manyAnswers = { phase: 2, cause: 'answer', references: ['b', 'c', 'd', 'e'] } as const;
    expect(faults(reckon({ requests, windows: [...windows, manyAnswers] }))).toBe(1);
  });

  it('counts new dead letters of the second delivery, and orders that ended as dead letters', () => {
    const result = reckon({ records: [order(0, 'a')], letters: [letter(0)], lateLetters: [letter(0)] });
    expect(result).toMatchObject({ deadLetteredOrders: 1, effectsAtRedelivery: 1, lost: 0 });
    expect(faults(result)).toBe(1);
  });

  it('takes the charged orders for handled in a run without the store', () => {
    const result = reckon({ requests: [charge(1, 'a'), charge(1, 'a')], completedCharges: undefined });
    expect(result.handled).toBe(1);
  });

  it('wants five kills and no record given up by the mapping', () => {
    expect(broken(reckon({}), { kills: 4, droppedRecords: 0 })).toHaveLength(1);
    expect(broken(reckon({}), { kills: 5, droppedRecords: 1 })).toHaveLength(1);
  });
});
