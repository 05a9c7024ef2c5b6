import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PartsError } from '../parts/parts-error.ts';
import { runCommand } from '../parts/run-command.ts';
import { findPython } from './find-python.ts';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * Installs LocalStack from PyPI into a virtual environment of its own below `cache`, once per list of versions, and resolves
 * to the path of its Python. A folder gets its name only when it is complete, so neither a crash nor two starts at a time
 * leave half of one.
 *
 * @param requirements the file of pinned versions.
 * @throws PartsError when no suitable Python is found or pip fails, with the end of its output.
 */
export async function installLocalStack(
  cache: string,
  requirements: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const python = await findPython(environment);
  const fingerprint = createHash('sha256')
    .update(await readFile(requirements))
    .update(python.version)
    .digest('hex');
  const folder = join(cache, `venv-${fingerprint.slice(0, 12)}`);
  if (!existsSync(folder)) await makeVenv(folder, python.path, requirements, environment);
  return join(folder, 'bin', 'python');
}

async function makeVenv(
  folder: string,
  python: string,
  requirements: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const run = async (purpose: string, command: string, args: readonly string[]): Promise<void> => {
    const { code, output } = await runCommand(command, args, { environment, timeoutMs: INSTALL_TIMEOUT_MS });
    if (code !== 0) throw new PartsError(`${purpose} failed:\n${output.slice(-2000)}`);
  };
  try {
    await run('Making a Python environment for LocalStack', python, ['-m', 'venv', unfinished]);
    await run('Installing LocalStack from PyPI', join(unfinished, 'bin', 'python'), [
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
