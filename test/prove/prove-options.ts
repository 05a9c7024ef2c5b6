import { parseArgs } from 'node:util';

/** What a run of `npm run prove` is asked for. */
export interface ProveOptions {
  readonly schedules: number;
  /** Decides on all schedules. */
  readonly seed: number;
  /** Only the schedules of this system; undefined for all. */
  readonly mode: string | undefined;
}

/** The runs that docs/evidence.md is made of: a smaller one would say less than the page that it replaces. */
const leastForEvidence = 100_000;

export const usage: string = `npm run prove -- [options]

Puts every mode, and Powertools, to the proof, and prints the table. A whole run that kept every promise, of at least
${leastForEvidence} schedules, also writes docs/evidence.md. Exits 1 if a mode of ours broke a promise or a cell was never hit, and
2 for flags that it does not understand.

  --schedules <n>   how many, from 1 (${leastForEvidence}); some systems have a share of their own in addition
  --seed <n>        repeats an earlier run (1)
  --mode <name>     one mode only
  --help
`;

/** A flag that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the flags; undefined for a wish for help.
 *
 * @throws UsageError in one line that names the flag.
 */
export function proveOptions(args: readonly string[], modes: readonly string[]): ProveOptions | undefined {
  const { help, schedules, seed, mode } = parsed(args);
  if (help === true) return undefined;
  if (mode !== undefined && !modes.includes(mode)) {
    throw new UsageError(`--mode: '${mode}' is none of ${modes.map((one) => `'${one}'`).join(', ')}`);
  }
  return { schedules: whole('schedules', schedules, leastForEvidence, 1), seed: whole('seed', seed, 1, 0), mode };
}

/** Why a run may not write docs/evidence.md; undefined if it may. */
export function whyNoEvidence({ schedules, mode }: ProveOptions, hasFailed: boolean): string | undefined {
  if (hasFailed) return 'the run failed';
  if (mode !== undefined) return '--mode leaves systems out';
  return schedules < leastForEvidence ? `it takes at least ${leastForEvidence} schedules` : undefined;
}

interface Flags {
  readonly help?: boolean;
  readonly schedules?: string;
  readonly seed?: string;
  readonly mode?: string;
}

function parsed(args: readonly string[]): Flags {
  try {
    const text = { type: 'string' } as const;
    const options = { help: { type: 'boolean' }, schedules: text, seed: text, mode: text } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError(line);
  }
}

function whole(flag: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && Number.isSafeInteger(value)) return value;
  throw new UsageError(`--${flag}: '${text}' is no whole number from ${least} up`);
}
