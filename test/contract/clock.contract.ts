import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/ports/clock.ts';

/** A clock and a way to let its time pass; what passed is measured apart from the clock. */
export interface ClockSubject {
  readonly clock: Clock;
  /** Lets at least so much time pass, and due timers run. */
  readonly pass: (ms: number) => Promise<void>;
  /** Milliseconds that have really passed, from any start. */
  readonly elapsedMs: () => number;
}

/** What every clock promises; see the port. */
export function clockContract(name: string, subject: () => ClockSubject): void {
  describe(`${name}, as a clock`, () => {
    it('calls back once, never synchronously, never early', async () => {
      const { clock, pass, elapsedMs } = subject();
      const startMs = elapsedMs();
      const calledAtMs: number[] = [];
      clock.schedule(20, () => calledAtMs.push(elapsedMs()));
      expect(calledAtMs).toEqual([]);
      await pass(60);
      await pass(60);
      expect(calledAtMs).toHaveLength(1);
      expect((calledAtMs[0] ?? 0) - startMs).toBeGreaterThanOrEqual(20);
    });

    it.each([0, -5])('takes a delay of %i for as soon as possible', async (delayMs) => {
      const { clock, pass } = subject();
      const order: string[] = [];
      clock.schedule(delayMs, () => order.push('timer'));
      order.push('here');
      await pass(5);
      expect(order).toEqual(['here', 'timer']);
    });

    it('runs no cancelled callback, however often it is cancelled and when', async () => {
      const { clock, pass } = subject();
      const calls: string[] = [];
      const cancel = clock.schedule(1, () => calls.push('cancelled'));
      cancel();
      cancel();
      const late = clock.schedule(0, () => calls.push('ran'));
      await pass(20);
      late();
      expect(calls).toEqual(['ran']);
    });

    it('does not take a delay of months for none', async () => {
      const { clock, pass } = subject();
      const calls: string[] = [];
      const cancel = clock.schedule(60 * 24 * 3_600_000, () => calls.push('far'));
      await pass(5);
      cancel();
      expect(calls).toEqual([]);
    });

    it('tells epoch milliseconds, which go on while time passes', async () => {
      const { clock, pass } = subject();
      const startMs = clock.nowMs();
      expect(startMs).toBeGreaterThan(Date.UTC(2020, 0, 1));
      await pass(20);
      expect(clock.nowMs()).toBeGreaterThan(startMs);
    });
  });
}
