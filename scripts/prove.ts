import { writeFileSync } from 'node:fs';
import { evidence } from '../test/prove/evidence.ts';
import { missed } from '../test/prove/missed.ts';
import { proveAll } from '../test/prove/prove-all.ts';
import { type ProveOptions, proveOptions, UsageError, usage, whyNoEvidence } from '../test/prove/prove-options.ts';
import { systems } from '../test/prove/systems/all.ts';
import { type Proven, resultTable } from '../test/prove/table.ts';
import { total } from '../test/prove/tally.ts';

/*
 * Puts every mode, and Powertools, to the proof; prints the table and writes docs/evidence.md: see `--help`.
 */

const modes = systems.map(({ mode }) => mode);
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: ProveOptions | undefined;
  try {
    options = proveOptions(args, modes);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${usage}\nModes: ${modes.map((mode) => `'${mode}'`).join(', ')}\n`);
    return 0;
  }
  return await proveWith(options);
}

async function proveWith(options: ProveOptions): Promise<number> {
  const { schedules, seed, mode } = options;
  const startedAtMs = performance.now();
  const results = await proveAll(seed, schedules, mode);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const all = results.reduce((sum, { tally }) => sum + total(tally).schedules, 0);
  process.stdout.write(`${resultTable(results)}\n\n`);
  process.stdout.write(`seed ${seed}, ${all} schedules in ${seconds.toFixed(1)} s\n`);

  const faults = results.flatMap(faultsOf);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  const whyNot = whyNoEvidence(options, faults.length > 0);
  if (whyNot === undefined) {
    const command = `npm run prove -- --schedules ${schedules} --seed ${seed}`;
    writeFileSync(new URL('../docs/evidence.md', import.meta.url), evidence(results, { seed, command }));
  }
  process.stdout.write(`${whyNot === undefined ? 'written' : `not written, because ${whyNot}`}: docs/evidence.md\n`);
  return faults.length > 0 ? 1 : 0;
}

function faultsOf({ system, tally }: Proven): readonly string[] {
  const never = missed(system, tally);
  const brokeAPromise = system.name === 'kafka-once' && total(tally).broken > 0;
  return [
    ...(never.length > 0 ? [`${system.name} ${system.mode}: never hit: ${never.join(', ')}`] : []),
    ...(brokeAPromise ? [`${system.mode}: broke a promise in schedules ${tally.broken.join(', ')}`] : []),
  ];
}
