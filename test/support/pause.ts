import type { Clock } from '../../lib/ports/clock.ts';

/** Resolves when so many milliseconds of this clock have passed. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise<void>((resolve) => clock.schedule(ms, resolve));
}
