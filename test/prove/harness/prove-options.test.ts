import { describe, expect, it } from 'vitest';
import { proveOptions, UsageError, whyNoEvidence } from '../prove-options.ts';

const modes = ['claim', 'mark, many'];

describe('the flags of npm run prove', () => {
  it('may be left out', () => {
    expect(proveOptions([], modes)).toEqual({ schedules: 100_000, seed: 1, mode: undefined });
  });

  it('are all taken', () => {
    const args = ['--schedules', '2000', '--seed=0', '--mode', 'mark, many'];
    expect(proveOptions(args, modes)).toEqual({ schedules: 2000, seed: 0, mode: 'mark, many' });
  });

  it('may ask for help, and nothing else counts then', () => {
    expect(proveOptions(['--help', '--schedules', '0'], modes)).toBeUndefined();
  });

  it.each([
    ["--schedules: '0' is no whole number from 1 up", '--schedules', '0'],
    ["--schedules: 'abc' is no whole", '--schedules', 'abc'],
    ["--schedules: '1e5' is no whole", '--schedules', '1e5'],
    ["--schedules: '' is no whole", '--schedules', ''],
    ["--schedules: '9007199254740993' is no whole", '--schedules', '9007199254740993'],
    ['--schedules', '--schedules', '-1'],
    ['--schedules', '--schedules'],
    ["--seed: '-1' is no whole number from 0 up", '--seed=-1'],
    ["--mode: 'Claim' is none of 'claim', 'mark, many'", '--mode', 'Claim'],
    ["--mode: '' is none of", '--mode', ''],
    ["Unknown option '--schedule'", '--schedule', '5'],
    ["Unexpected argument 'claim'", 'claim'],
  ])('are refused in one line: %s', (message, ...args) => {
    const read = () => proveOptions(args, modes);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
    expect(read).not.toThrow('\n');
  });
});

describe('docs/evidence.md', () => {
  const whole = { schedules: 100_000, seed: 7, mode: undefined };

  it('is written by a whole run that kept every promise', () => {
    expect(whyNoEvidence(whole, false)).toBeUndefined();
  });

  it.each([
    ['failed', whole, true, 'the run failed'],
    ['is smaller than the page', { ...whole, schedules: 99_999 }, false, 'at least 100000 schedules'],
    ['has one mode', { ...whole, schedules: 1_000_000, mode: 'claim' }, false, '--mode'],
  ])('is not written by a run that %s', (_, options, hasFailed, reason) => {
    expect(whyNoEvidence(options, hasFailed)).toContain(reason);
  });
});
