import { type Mutant, mutants } from './mutants.ts';
import { Workshop } from './workshop.ts';

/*
 * Applies each mutant to a copy of the sources and runs its test, which must fail: a test that nothing can make fail
 * protects nothing. Exits 1 if a mutant survives, no longer applies, or is noticed by something else than a failing test.
 */

const AT_A_TIME = 2;
const startedAtMs = performance.now();

function pattern(names: readonly string[]): RegExp {
  return new RegExp(names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
}

async function verdict(mutant: Mutant, workshop: Workshop): Promise<{ killed: boolean; why: string }> {
  try {
    const { file, name } = mutant.test;
    const run = await workshop.withMutant(mutant, () => workshop.test([file], pattern([name])));
    if (run.broken !== undefined) return { killed: false, why: run.broken };
    const [first] = run.failures;
    if (first === undefined) return { killed: false, why: `survived "${name}"` };
    return { killed: true, why: first };
  } catch (error) {
    return { killed: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Without mutants every test named in the list must exist and pass, or a red one would prove nothing. */
async function baseline(workshop: Workshop): Promise<string[]> {
  const files = [...new Set(mutants.map(({ test }) => test.file))];
  const problems: string[] = [];
  const all = await workshop.test(files, pattern(mutants.map(({ test }) => test.name)));
  if (all.broken !== undefined) problems.push(all.broken);
  for (const failure of all.failures) problems.push(failure);
  return problems;
}

async function work(workshop: Workshop, waiting: Mutant[]): Promise<number> {
  let failed = 0;
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const { killed, why } = await verdict(mutant, workshop);
    if (!killed) failed += 1;
    process.stdout.write(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.name}\n         ${why.slice(0, 140)}\n`);
  }
  return failed;
}

const workshops = await Promise.all(Array.from({ length: AT_A_TIME }, () => Workshop.open()));
let failed = mutants.length;
try {
  const [first] = workshops;
  const problems = first === undefined ? ['no workshop'] : await baseline(first);
  if (problems.length === 0) {
    const waiting = [...mutants];
    const counts = await Promise.all(workshops.map((workshop) => work(workshop, waiting)));
    failed = counts.reduce((sum, count) => sum + count, 0);
  } else {
    process.stdout.write(`Without any mutant the tests are not green:\n${problems.join('\n')}\n`);
  }
} finally {
  await Promise.all(workshops.map((workshop) => workshop.close()));
}
process.stdout.write(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s\n`);
process.stdout.write(`${mutants.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
