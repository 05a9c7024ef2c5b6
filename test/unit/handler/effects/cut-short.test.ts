import { describe, expect, it } from 'vitest';
import { markBench, positionBench, transactionBench } from '../../../support/effect-bench.ts';

describe.each([
  ['transaction', transactionBench],
  ['position', positionBench],
  ['mark', markBench],
] as const)('a handler that runs until it is told to stop, mode %s', (_mode, bench) => {
  it.each(['continue', 'holdKey'] as const)('counts as an attempt, and is given up on, %s', async (afterDeadLetter) => {
    const subject = bench(
      (_record, { signal }: { readonly signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('cut short')));
        }),
      { maxAttempts: 3, afterDeadLetter },
    );
    const batch = [{ offset: 1, id: 'hangs', key: 'a' }];
    expect(await subject.invoke(batch, 30_000)).toEqual({ undone: ['orders-0@1'] });
    expect(await subject.invoke(batch, 30_000)).toEqual({ undone: ['orders-0@1'] });
    expect(await subject.invoke(batch, 30_000)).toEqual({ undone: [] });
    expect(subject.deadLetters.letters).toMatchObject([{ reason: 'attemptsExhausted', attempts: 3 }]);
    expect(subject.clock.pending).toBe(0);
  });
});
