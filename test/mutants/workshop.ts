import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from '../../scripts/run-command.ts';
import type { Mutant } from './mutants.ts';

const root: string = join(import.meta.dirname, '../..');
const copied = [
  'lib',
  'infra',
  'handlers',
  'test',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** The part of vitest's JSON report that is read here. */
const report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** What became of the tests that were asked for. */
export interface TestRun {
  readonly passed: number;
  /** The first line of what each failed test said. */
  readonly failures: readonly string[];
  /** Why the run proves nothing: a file that does not load, no report, no such test. */
  readonly broken: string | undefined;
}

/** A copy of the sources in a folder of its own, to be changed and tested. */
export class Workshop {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'kafka-once-mutants-'));
    for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new Workshop(folder);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Puts the mutant in, calls `use`, and puts the original back. Throws if the mutant does not apply. */
  async withMutant<T>(mutant: Mutant, use: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, mutant.file);
    const original = await readFile(path, 'utf8');
    const parts = original.split(mutant.before);
    if (parts.length !== 2) {
      throw new Error(`does not apply: its snippet stands ${parts.length - 1} times in ${mutant.file}`);
    }
    await writeFile(path, parts.join(mutant.after));
    try {
      return await use();
    } finally {
      await writeFile(path, original);
    }
  }

  /** Runs the tests whose full name matches, in these files. */
  async test(files: readonly string[], name: RegExp): Promise<TestRun> {
    const output = join(this.#folder, `report-${randomUUID()}.json`);
    const args = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${output}`, '-t', name.source, ...files];
    const { output: printed } = await runCommand('vitest', args, { cwd: this.#folder, timeoutMs: 120_000 });
    let text: string;
    try {
      text = await readFile(output, 'utf8');
    } catch {
      return { passed: 0, failures: [], broken: `vitest wrote no report: ${printed.trim().split('\n').at(-1) ?? ''}` };
    }
    return judge(text, name);
  }
}

function judge(text: string, name: RegExp): TestRun {
  const { testResults } = report.parse(JSON.parse(text));
  const tests = testResults.flatMap((file) => file.assertionResults).filter((test) => name.test(test.fullName));
  const failed = tests.filter((test) => test.status === 'failed');
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failures = failed.map((test) => test.failureMessages?.[0]?.split('\n')[0] ?? 'failed');
  const unloaded = testResults.find((file) => file.status === 'failed' && file.assertionResults.length === 0);
  if (unloaded !== undefined)
    return { passed, failures, broken: `a test file does not load: ${unloaded.message ?? ''}` };
  const late = failures.find((failure) => /timed out in \d+ ?ms/i.test(failure));
  if (late !== undefined) return { passed, failures, broken: `a test only ran out of time: ${late}` };
  if (passed + failed.length === 0) return { passed, failures, broken: 'no test has this name' };
  return { passed, failures, broken: undefined };
}
