import { parseArgs } from 'node:util';

/** What a run of the demo is asked for. */
export interface DemoOptions {
  /** Records over both phases, duplicates and poison included. */
  readonly records: number;
  readonly partitions: number;
  /** How often the function is killed, over both phases. */
  readonly kills: number;
  /** How long DynamoDB cannot be reached. */
  readonly cutSeconds: number;
  /** Decides on the records and on the moments of the disturbances. */
  readonly seed: number;
  readonly json: boolean;
  readonly withIdempotency: boolean;
}

export const usage = `node local/demo/main.ts [options]

  --records <n>           records over both phases, from 500 (20000); the ledger has a twentieth, 400 at least
  --partitions <n>        partitions of the topic, 1 to 100 (12)
  --kills <n>             kills of the function, 5 to 50 (5); the ledger has as many of its own
  --cut-seconds <n>       how long DynamoDB cannot be reached, 0 to 20 (4)
  --seed <n>              repeats the records and the plan of an earlier run (by chance)
  --json                  one JSON object as the last line
  --without-idempotency   the same run without the store, and no ledger; it exits 1
`;

/** A flag that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the flags; `chosenSeed` is used where none is given.
 *
 * @throws UsageError naming the flag.
 */
export function demoOptions(args: readonly string[], chosenSeed: number): DemoOptions {
  const values = parsed(args);
  return {
    records: whole('records', values.records, 20_000, 500, 1_000_000),
    partitions: whole('partitions', values.partitions, 12, 1, 100),
    kills: whole('kills', values.kills, 5, 5, 50),
    cutSeconds: whole('cut-seconds', values['cut-seconds'], 4, 0, 20),
    seed: whole('seed', values.seed, chosenSeed, 0, 2 ** 32 - 1),
    json: values.json ?? false,
    withIdempotency: !(values['without-idempotency'] ?? false),
  };
}

interface Flags {
  readonly records?: string;
  readonly partitions?: string;
  readonly kills?: string;
  readonly 'cut-seconds'?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly 'without-idempotency'?: boolean;
}

function parsed(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        records: { type: 'string' },
        partitions: { type: 'string' },
        kills: { type: 'string' },
        'cut-seconds': { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        'without-idempotency': { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${flag}: '${text}' is no whole number from ${least} to ${most}`);
}
