import { describe, expect, it } from 'vitest';
import type { OnConditionFailed } from '../../../../lib/core/effects/effect.ts';
import { EffectConditionFailedError, EffectConditionRejectedError } from '../../../../lib/core/errors/effect-errors.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { effectFailure } from '../../../../lib/handler/commit/effect-failure.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { update } from './commit-parts.ts';

const record = { topic: 'orders', partition: 3, offset: 42 };
const effectsWith = (...terms: readonly OnConditionFailed[]) => terms.map((term) => update('any', 0, term));

describe('a record whose effects were refused for good', () => {
  it("fails, and is tried again, under 'fail'; the effect is named", () => {
    const ended = { kind: 'conditionFailed', effectIndex: 1 } as const;
    const error = effectFailure(record, effectsWith('reject', 'fail', 'reject'), ended);
    expect(error).toBeInstanceOf(EffectConditionFailedError);
    expect(error).not.toBeInstanceOf(UnprocessableRecordError);
    expect(error.message).toContain('orders-3@42: effects[1] (update "Ledger")');
  });

  it("is useless to try again under 'reject' of this effect", () => {
    const ended = { kind: 'conditionFailed', effectIndex: 2 } as const;
    const error = effectFailure(record, effectsWith('fail', 'fail', 'reject'), ended);
    expect(error).toBeInstanceOf(EffectConditionRejectedError);
    expect(error).toBeInstanceOf(UnprocessableRecordError);
    expect(error.message).toContain('orders-3@42: effects[2] (update "Ledger")');
  });

  it('is useless to try again where the store cannot take them', () => {
    const ended = { kind: 'invalid', error: new StoreError('unstorable', 'effects[0] is too large') } as const;
    const error = effectFailure(record, effectsWith('fail'), ended);
    expect(error).toBeInstanceOf(UnprocessableRecordError);
    expect(error.message).toBe('orders-3@42: its effects cannot be written: effects[0] is too large');
  });
});
