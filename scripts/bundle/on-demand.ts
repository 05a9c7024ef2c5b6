import { runCommand } from '../run-command.ts';
import { handlerEnvironment } from './handler-environment.ts';
import { withoutLongLines } from './import-time.ts';
import type { Bundle } from './read-bundle.ts';

const TIMEOUT_MS = 60_000;

/** Imports the files of a bundle, then packages as they would: an evaluated program looks for them in its working directory. */
const program = `
  const [files, packages] = JSON.parse(process.argv[1]);
  for (const name of [...files.map((file) => new URL(file, 'file://' + process.cwd() + '/').href), ...packages]) {
    await import(name);
  }
  process.stdout.write('imported all');
`;

/**
 * Loads in a fresh process all that a handler loads on demand, the sending of dead letters among it, and the packages that it
 * leaves to the runtime, which have to be found from the bundle's folder.
 */
export async function onDemandFaults({ folder, files, leftOut }: Bundle): Promise<readonly string[]> {
  const packages = leftOut.map(({ path }) => path);
  const { code, output } = await runCommand(
    'node',
    ['--input-type=module', '--eval', program, JSON.stringify([files, packages])],
    { cwd: folder, env: handlerEnvironment, timeoutMs: TIMEOUT_MS },
  );
  if (code === 0 && output.endsWith('imported all')) return [];
  return [`cannot load what it needs on demand: ${withoutLongLines(output)}`];
}
