import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { FakeClock } from '../../lib/testing/fake-clock.ts';
import { clockContract } from './clock.contract.ts';

clockContract('systemClock', () => ({
  clock: systemClock,
  pass: (ms) => new Promise((resolve) => systemClock.schedule(ms, resolve)),
  elapsedMs: () => performance.now(),
}));

clockContract('FakeClock', () => {
  const clock = new FakeClock();
  let passedMs = 0;
  return {
    clock,
    pass: async (ms) => {
      // Millisecond by millisecond, so that the time of a call can be told apart from the clock's own.
      for (let step = 0; step < ms; step += 1) {
        passedMs += 1;
        await clock.advance(1);
      }
    },
    elapsedMs: () => passedMs,
  };
});
