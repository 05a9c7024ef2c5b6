import { runCommand } from '../run-command.ts';

/** A Python that cfn-lint runs on; `version` is `major.minor`. */
export interface Python {
  readonly path: string;
  readonly version: string;
}

const SUITABLE: ReadonlySet<string> = new Set(['3.10', '3.11', '3.12', '3.13', '3.14']);
const PROBE = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
const PROBE_TIMEOUT_MS = 20_000;

/**
 * Finds Python 3.10 to 3.14 with its `venv` module: `KAFKA_ONCE_PYTHON` if it is set, else what the path has.
 *
 * @throws Error naming what was tried when there is none.
 */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<Python> {
  const chosen = environment.KAFKA_ONCE_PYTHON;
  const candidates = chosen ? [chosen] : ['python3', ...[...SUITABLE].reverse().map((version) => `python${version}`)];
  for (const path of candidates) {
    const { code, output } = await runCommand(path, ['-c', PROBE], { timeoutMs: PROBE_TIMEOUT_MS });
    const version = output.trim();
    if (code === 0 && SUITABLE.has(version)) return { path, version };
  }
  throw new Error(
    'cfn-lint needs Python 3.10 to 3.14 with its venv module (Debian, Ubuntu: python3-venv). ' +
      `Tried ${candidates.join(', ')}. Install one or name it in KAFKA_ONCE_PYTHON.`,
  );
}
