import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../lib/adapters/system/system-clock.ts';
import { systemRandomness } from '../../../../lib/adapters/system/system-randomness.ts';

describe('systemClock', () => {
  it('calls back once, never synchronously, never early', async () => {
    const startMs = performance.now();
    let calls = 0;
    const called = new Promise<number>((resolve) => {
      systemClock.schedule(5, () => {
        calls += 1;
        resolve(performance.now());
      });
    });
    expect(calls).toBe(0);
    expect((await called) - startMs).toBeGreaterThanOrEqual(5);
    expect(calls).toBe(1);
  });

  it('takes a delay of 0 or less for as soon as possible', async () => {
    const order: string[] = [];
    const called = new Promise<void>((resolve) => {
      systemClock.schedule(-5, () => {
        order.push('timer');
        resolve();
      });
    });
    order.push('here');
    await called;
    expect(order).toEqual(['here', 'timer']);
  });

  it('runs no cancelled callback, nor one of more days than a timer can count', async () => {
    const calls: string[] = [];
    const cancelFar = systemClock.schedule(60 * 24 * 3_600_000, () => calls.push('far'));
    const cancel = systemClock.schedule(0, () => calls.push('cancelled'));
    cancel();
    cancel();
    await new Promise<void>((resolve) => systemClock.schedule(5, resolve));
    cancelFar();
    expect(calls).toEqual([]);
  });

  it('tells epoch milliseconds', () => {
    const beforeMs = Date.now();
    expect(systemClock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
  });
});

describe('systemRandomness', () => {
  it('gives unique IDs and fractions', () => {
    const issued = Array.from({ length: 1_000 }, () => systemRandomness.uniqueId());
    expect(new Set(issued).size).toBe(1_000);
    for (let draw = 0; draw < 100; draw += 1) {
      const fraction = systemRandomness.fraction();
      expect(fraction >= 0 && fraction < 1).toBe(true);
    }
  });
});

describe('systemProcessExit', () => {
  it('ends the process at once, with exit code 1 and the reason', () => {
    const module = JSON.stringify(
      new URL('../../../../lib/adapters/system/system-process-exit.ts', import.meta.url).href,
    );
    const script = `
      const { systemProcessExit } = await import(${module});
      queueMicrotask(() => console.log('went on'));
      systemProcessExit.exit('a handler did not end');
      console.log('went on');
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(child.status).toBe(1);
    expect(child.stderr).toContain('a handler did not end\n');
    expect(child.stdout).toBe('');
  });
});
