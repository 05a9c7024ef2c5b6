import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../local/demo/ledger.ts';

describe('Ledger', () => {
  it('honours idempotency keys in phase 1', () => {
    const ledger = new Ledger();
    expect(ledger.enter('a', 'k1').charged).toBe(true);
    expect(ledger.enter('a', 'k1').charged).toBe(false);
    expect(ledger.enter('a', 'k2').charged).toBe(true);
    expect(ledger.enter('a', undefined).charged).toBe(true);
    expect(ledger.charges).toBe(3);
    expect(ledger.ordersCharged(1)).toBe(1);
    expect(ledger.requests).toHaveLength(4);
  });

  it('ignores them afterwards', () => {
    const ledger = new Ledger();
    ledger.enter('a', 'k1');
    ledger.phase = 2;
    expect(ledger.enter('a', 'k1')).toEqual({ phase: 2, reference: 'a', idempotencyKey: 'k1', charged: true });
    expect(ledger.ordersCharged(2)).toBe(1);
    expect(ledger.charges).toBe(2);
  });
});
