import { runCommand } from './run-command.ts';

interface Step {
  name: string;
  command: string;
  args: string[];
  /** Name of the step that must have passed before. */
  after?: string;
}

/** Everything that must hold before a commit; longest first, because two run at a time. */
const steps: readonly Step[] = [
  { name: 'build', command: 'node', args: ['scripts/build.ts'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '--pretty', 'false'] },
  { name: 'promises', command: 'oxlint', args: ['--type-aware'] },
  { name: 'exports resolve', command: 'attw', args: ['--pack', '--profile', 'esm-only', '--no-emoji'], after: 'build' },
  { name: 'unused code', command: 'knip', args: ['--no-progress'] },
  { name: 'format and lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'package', command: 'publint', args: ['--strict'], after: 'build' },
  { name: 'entries', command: 'node', args: ['scripts/check/entries.ts'], after: 'build' },
  { name: 'bundle', command: 'node', args: ['scripts/check/bundle.ts'], after: 'build' },
  { name: 'source rules', command: 'node', args: ['scripts/check/source-rules.ts'] },
  { name: 'lockfile', command: 'node', args: ['scripts/lockfile.ts'] },
  { name: 'node version', command: 'node', args: ['scripts/node-version.js'] },
];
const AT_A_TIME = 2;

interface StepResult {
  passed: boolean;
  seconds: number;
  /** The last line that one of our own scripts prints. */
  note: string;
  output: string;
}

const results = new Map<string, StepResult>();
const waiting = [...steps];
const startedAtMs = performance.now();

async function runStep(step: Step): Promise<void> {
  if (step.after !== undefined && results.get(step.after)?.passed !== true) {
    results.set(step.name, { passed: false, seconds: 0, note: `not run: ${step.after} failed`, output: '' });
    return;
  }
  const stepStartedAtMs = performance.now();
  const { code, output } = await runCommand(step.command, step.args);
  const own = step.args[0]?.startsWith('scripts/') === true;
  results.set(step.name, {
    passed: code === 0,
    seconds: (performance.now() - stepStartedAtMs) / 1000,
    note: own && code === 0 ? (output.trim().split('\n').at(-1) ?? '') : '',
    output,
  });
}

/** Takes the next step that need not wait for a running one; the workers end when nothing is left for them. */
async function work(): Promise<void> {
  for (;;) {
    const index = waiting.findIndex((step) => step.after === undefined || results.has(step.after));
    const step = waiting[index];
    if (step === undefined) return;
    waiting.splice(index, 1);
    await runStep(step);
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, work));

for (const step of steps) {
  const result = results.get(step.name);
  if (result?.passed === false) process.stdout.write(`\n── ${step.name} failed ──\n${result.output}`);
}
process.stdout.write('\n');
for (const step of steps) {
  const { passed, seconds, note } = results.get(step.name) ?? { passed: false, seconds: 0, note: 'not run' };
  const time = `${seconds.toFixed(1)} s`.padStart(7);
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${step.name.padEnd(16)} ${time}  ${note}`.trimEnd());
  process.stdout.write('\n');
}
const failed = steps.filter((step) => results.get(step.name)?.passed !== true).length;
process.stdout.write(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s in all\n`);
process.stdout.write(`${steps.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
