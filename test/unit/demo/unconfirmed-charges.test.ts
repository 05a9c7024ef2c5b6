import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../local/demo/ledger.ts';
import { UnconfirmedCharges } from '../../../local/demo/unconfirmed-charges.ts';

function bench(...completed: string[]) {
  const ledger = new Ledger();
  ledger.phase = 2;
  const markers = new Set(completed);
  const table = { completed: async (keys: readonly string[]) => new Set(keys.filter((key) => markers.has(key))) };
  const charge = (...references: string[]): void => {
    for (const reference of references) ledger.enter(reference, `key of ${reference}`);
  };
  return { markers, charge, unconfirmed: new UnconfirmedCharges(ledger, table) };
}

describe('UnconfirmedCharges', () => {
  it('after a disturbance are the charges since the last one that have no completed marker', async () => {
    const { charge, unconfirmed } = bench('key of a');
    charge('a', 'b');
    await unconfirmed.afterDisturbance();
    charge('c');
    await unconfirmed.afterDisturbance();
    expect(unconfirmed.windows).toEqual([
      { phase: 2, cause: 'disturbance', references: ['b'] },
      { phase: 2, cause: 'disturbance', references: ['c'] },
    ]);
  });

  it('after an answer are those that it names, and only they', async () => {
    const { charge, unconfirmed } = bench('key of a');
    charge('a', 'b', 'c');
    await unconfirmed.afterAnswer(new Set(['a', 'b', 'never charged']));
    expect(unconfirmed.windows).toEqual([{ phase: 2, cause: 'answer', references: ['b'] }]);
  });

  it('are found once: a charge named by an answer is not found again at the next disturbance, its repetition is', async () => {
    const { charge, unconfirmed } = bench();
    charge('a');
    await unconfirmed.afterAnswer(new Set(['a']));
    await unconfirmed.afterAnswer(new Set(['a']));
    await unconfirmed.afterDisturbance();
    charge('a');
    await unconfirmed.afterAnswer(new Set(['a']));
    expect(unconfirmed.windows.map(({ references }) => references)).toEqual([['a'], [], ['a']]);
  });

  it('leave out what an answer names although its marker is completed', async () => {
    const { markers, charge, unconfirmed } = bench();
    charge('a');
    markers.add('key of a');
    await unconfirmed.afterAnswer(new Set(['a']));
    expect(unconfirmed.windows).toEqual([]);
  });
});
