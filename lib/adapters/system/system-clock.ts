import { performance } from 'node:perf_hooks';
import type { Cancel, Clock } from '../../ports/clock.ts';

/** The longest delay that `setTimeout` takes; it turns a longer one into 1 ms. */
const longestTimeoutMs = 2 ** 31 - 1;

/** The clock of this machine. A timer that waits keeps the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),

  schedule(delayMs: number, callback: () => void): Cancel {
    const dueAtMs = performance.now() + delayMs;
    let timer = setTimeout(onTimeout, toTimeout(delayMs));

    // A timeout may come a fraction of a millisecond early, and one of weeks comes in several legs.
    function onTimeout(): void {
      const remainingMs = dueAtMs - performance.now();
      if (remainingMs > 0) {
        timer = setTimeout(onTimeout, toTimeout(remainingMs));
      } else {
        callback();
      }
    }

    return () => clearTimeout(timer);
  },
};

function toTimeout(delayMs: number): number {
  return Math.max(0, Math.min(Math.ceil(delayMs), longestTimeoutMs));
}
