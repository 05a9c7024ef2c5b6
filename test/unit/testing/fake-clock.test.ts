import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';

describe('FakeClock', () => {
  it('runs timers in order of their time, each at its own time', async () => {
    const clock = new FakeClock(1_000);
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, clock.nowMs()]);
    clock.schedule(30, note('c'));
    clock.schedule(10, note('a'));
    clock.schedule(10, note('b'));
    clock.schedule(31, note('later'));
    await clock.advance(30);
    expect(ran).toEqual([
      ['a', 1_010],
      ['b', 1_010],
      ['c', 1_030],
    ]);
    expect(clock.nowMs()).toBe(1_030);
    expect(clock.pending).toBe(1);
    expect(clock.nextTimerInMs).toBe(1);
  });

  it('never calls back synchronously, not even without a delay', async () => {
    const clock = new FakeClock();
    const ran: string[] = [];
    clock.schedule(-5, () => ran.push('ran'));
    expect(ran).toEqual([]);
    await clock.advance(0);
    expect(ran).toEqual(['ran']);
  });

  it('settles promises between timers, and runs timers that these set', async () => {
    const clock = new FakeClock(0);
    const wakings: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
    const loop = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await sleep(10);
        wakings.push(clock.nowMs());
      }
    })();
    await clock.advance(30);
    await loop;
    expect(wakings).toEqual([10, 20, 30]);
    expect(clock.pending).toBe(0);
  });

  it('runs no cancelled timer', async () => {
    const clock = new FakeClock();
    const ran: string[] = [];
    const cancel = clock.schedule(10, () => ran.push('cancelled'));
    cancel();
    cancel();
    await clock.advance(20);
    expect(ran).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('may run backwards without touching the timers', async () => {
    const clock = new FakeClock(10_000);
    const ran: number[] = [];
    clock.schedule(100, () => ran.push(clock.nowMs()));
    clock.setNowMs(5_000);
    await clock.advance(99);
    expect(ran).toEqual([]);
    await clock.advance(1);
    expect(ran).toEqual([5_100]);
  });

  it('passes an error of a callback on', async () => {
    const clock = new FakeClock();
    clock.schedule(1, () => {
      throw new Error('from the timer');
    });
    await expect(clock.advance(1)).rejects.toThrow('from the timer');
  });

  it('runs from timer to timer until a promise settles', async () => {
    const clock = new FakeClock(0);
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
    const work = (async () => {
      await sleep(60_000);
      await sleep(5);
      return 'done';
    })();
    expect(await clock.runUntilSettled(work)).toBe('done');
    expect(clock.nowMs()).toBe(60_005);
    await expect(clock.runUntilSettled(Promise.reject(new Error('as it is')))).rejects.toThrow('as it is');
  });

  it('says so when a promise can never settle', async () => {
    const clock = new FakeClock(0);
    const never = new Promise<void>(() => undefined);
    await expect(clock.runUntilSettled(never)).rejects.toThrow('no timer is left');
    clock.schedule(2_000, () => undefined);
    await expect(clock.runUntilSettled(never, 1_000)).rejects.toThrow('after 1000 ms');
  });
});
