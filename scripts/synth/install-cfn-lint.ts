import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';
import { findPython } from './find-python.ts';

const requirements = join(import.meta.dirname, 'cfn-lint-requirements.txt');
const TIMEOUT_MS = 10 * 60_000;

/**
 * Installs cfn-lint from PyPI into a virtual environment below `cache`, once for each list of versions, and resolves to the
 * path of its Python. It brings the resource schemas of every Region, so it needs no network afterwards.
 *
 * A folder gets its name only when it is complete.
 *
 * @throws Error when there is no suitable Python or pip fails, with the end of its output.
 */
export async function installCfnLint(cache: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const python = await findPython(environment);
  const fingerprint = createHash('sha256')
    .update(await readFile(requirements))
    .update(python.version)
    .digest('hex');
  const folder = join(cache, `cfn-lint-${fingerprint.slice(0, 12)}`);
  if (!existsSync(folder)) await install(folder, python.path);
  return join(folder, 'bin', 'python');
}

async function install(folder: string, python: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const run = async (command: string, args: string[]): Promise<void> => {
    const { code, output } = await runCommand(command, args, { timeoutMs: TIMEOUT_MS });
    if (code !== 0) throw new Error(`Installing cfn-lint failed:\n${output.slice(-2000)}`);
  };
  try {
    await run(python, ['-m', 'venv', unfinished]);
    await run(join(unfinished, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
      ...['--no-deps', '--requirement', requirements],
    ]);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
