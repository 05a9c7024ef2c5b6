import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { systemRandomness } from '../../../../lib/adapters/system/system-randomness.ts';

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
