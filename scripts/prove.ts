import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { evidence } from '../test/prove/evidence.ts';
import { missed } from '../test/prove/missed.ts';
import { proveAll } from '../test/prove/prove-all.ts';
import { resultTable } from '../test/prove/table.ts';
import { total } from '../test/prove/tally.ts';

/*
 * Puts every mode, and Powertools, to the proof; prints the table and writes docs/evidence.md.
 *
 *   npm run prove [-- --schedules 1000000] [--seed N] [--mode claim]   (or 'transaction, many')
 *
 * With --mode nothing is written. Exits 1 if a mode of ours broke a promise, or if a cell was never hit.
 */

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string' },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not "${text}"`);
  return value;
}

const schedules = wholeNumber('schedules', values.schedules);
const seed = wholeNumber('seed', values.seed);
const startedAtMs = performance.now();
const results = await proveAll(seed, schedules, values.mode);
const seconds = (performance.now() - startedAtMs) / 1000;
const all = results.reduce((sum, { tally }) => sum + total(tally).schedules, 0);

process.stdout.write(`${resultTable(results)}\n\n`);
process.stdout.write(`seed ${seed}, ${all} schedules in ${seconds.toFixed(1)} s\n`);
if (values.mode === undefined) {
  const command = `npm run prove -- --schedules ${schedules} --seed ${seed}`;
  writeFileSync(new URL('../docs/evidence.md', import.meta.url), evidence(results, { seed, command }));
  process.stdout.write('written: docs/evidence.md\n');
}

for (const { system, tally } of results) {
  const never = missed(system, tally);
  if (never.length > 0) process.stdout.write(`${system.name} ${system.mode}: never hit: ${never.join(', ')}\n`);
  const brokeAPromise = system.name === 'kafka-once' && total(tally).broken > 0;
  if (brokeAPromise) process.stdout.write(`${system.mode}: broke a promise in schedules ${tally.broken.join(', ')}\n`);
  if (never.length > 0 || brokeAPromise) process.exitCode = 1;
}
