import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PartsError } from '../parts/parts-error.ts';
import { runCommand } from '../parts/run-command.ts';

/** A Python that LocalStack 4.14 runs on; `version` is `major.minor`. */
export interface Python {
  readonly path: string;
  readonly version: string;
}

/** LocalStack 4.14 claims 3.10 on PyPI, but its sources hold syntax of 3.12. */
const SUITABLE: ReadonlySet<string> = new Set(['3.12', '3.13']);

const PROBE = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
const PROBE_TIMEOUT_MS = 20_000;

/**
 * Finds Python 3.12 or 3.13 with its `venv` module: `KAFKA_ONCE_PYTHON` if it is set, else `python3.13`, `python3.12` and
 * `python3` of the path, else a version installed by pyenv.
 *
 * @throws PartsError naming what was tried when there is none.
 */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<Python> {
  const chosen = environment.KAFKA_ONCE_PYTHON;
  const candidates = chosen ? [chosen] : ['python3.13', 'python3.12', 'python3', ...(await pyenvPythons(environment))];
  for (const path of candidates) {
    const { code, output } = await runCommand(path, ['-c', PROBE], { environment, timeoutMs: PROBE_TIMEOUT_MS });
    const version = output.trim();
    if (code === 0 && SUITABLE.has(version)) return { path, version };
  }
  throw new PartsError(
    'LocalStack without Docker needs Python 3.12 or 3.13 with its venv module (Debian, Ubuntu: python3-venv). ' +
      `Tried ${candidates.join(', ')}. Install one, name it in KAFKA_ONCE_PYTHON, ` +
      'or set AWS_ENDPOINT_URL to a LocalStack that runs already.',
  );
}

async function pyenvPythons(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const versions = join(environment.PYENV_ROOT ?? join(environment.HOME ?? homedir(), '.pyenv'), 'versions');
  const names = await readdir(versions).catch(() => []);
  return names
    .filter((name) => /^3\.1[23]\./.test(name))
    .sort()
    .reverse()
    .map((name) => join(versions, name, 'bin', 'python3'));
}
