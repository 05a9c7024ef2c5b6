import { runCommand } from '../run-command.ts';
import { handlerEnvironment } from './handler-environment.ts';

const RUNS = 9;
const RUN_TIMEOUT_MS = 20_000;

/** How long a fresh process took, or what was wrong. */
export type ImportResult = { readonly medianMs: number } | { readonly fault: string };

/** Says how long the import took; as Lambda's runtime it knows the module by its path alone. */
const program = `
  const before = performance.now();
  const { handler } = await import(process.argv[1]);
  const ms = performance.now() - before;
  if (typeof handler !== 'function') throw new TypeError('handler is no function, but ' + typeof handler);
  process.stdout.write('imported ' + ms);
`;

/** Imports a bundle in fresh processes of this Node, one after the other, with the environment of a deployed function. */
export async function importTime(entry: string): Promise<ImportResult> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { code, output } = await runCommand('node', ['--input-type=module', '--eval', program, entry], {
      env: handlerEnvironment,
      timeoutMs: RUN_TIMEOUT_MS,
    });
    const said = /imported ([\d.]+)$/.exec(output)?.[1];
    if (code !== 0 || said === undefined) return { fault: `cannot be imported: ${withoutLongLines(output)}` };
    times.push(Number(said));
  }
  return { medianMs: times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN };
}

/** An error within minified code shows kilobytes of it. */
export function withoutLongLines(output: string): string {
  const lines = output.trim().split('\n');
  return lines.filter((line) => line.length <= 300).join('\n');
}
