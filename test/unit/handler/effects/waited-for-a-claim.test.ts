import { expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { addOne, ledger, ledgerStore, positionBench } from '../../../support/effect-bench.ts';
import { MortalProcess } from '../../../support/mortal-process.ts';

const batch = [{ offset: 0, id: 0 }];
const fails = (): never => {
  throw new Error('not now');
};

it('position mode puts nothing aside that took effect while a claim was waited for', async () => {
  const clock = new FakeClock();
  const died = Promise.withResolvers<void>();
  let dying: MortalProcess | undefined;
  const store = ledgerStore({
    faults: (operation) => {
      // The claim is written, and its process is gone before the answer.
      if (operation !== 'insert' || dying === undefined) return undefined;
      dying.kill();
      dying = undefined;
      died.resolve();
      return undefined;
    },
  });
  const shared = { clock, store, deadLetters: new MemoryDeadLetters() };
  dying = new MortalProcess(clock, store);
  const first = positionBench(fails, { maxAttempts: 2 }, { ...shared, process: dying, seed: 1 });
  await clock.runUntilSettled(Promise.race([first.start(batch), died.promise]));
  // It fails as well, and waits for the lease of the one that died.
  const second = positionBench(fails, { maxAttempts: 2 }, { ...shared, seed: 2 });
  const waiting = second.start(batch);
  await clock.advance(1_000);
  const third = positionBench(addOne, {}, { ...shared, seed: 3 });
  expect(await third.invoke(batch)).toEqual({ undone: [] });
  expect(await clock.runUntilSettled(waiting)).toEqual({ undone: [] });
  expect(second.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
  expect(shared.deadLetters.letters).toEqual([]);
  expect(store.items(ledger)).toEqual([{ id: 'orders-0@0', count: 1 }]);
  // Nobody has to wait for a lease of it.
  for (const key of store.keys()) expect(store.peek(key)?.leaseUntilMs ?? 0).toBeLessThanOrEqual(clock.nowMs());
});
