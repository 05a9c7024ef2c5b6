import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../ports/clock.ts';
import type { PreparedCommit } from './prepare-commit.ts';

const rememberedMs = 600_000;

/**
 * What was committed under which token: for ten minutes by the clock, or for ever without one.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export class RememberedCommits {
  readonly #commits = new Map<string, { readonly commit: PreparedCommit; readonly atMs: number }>();
  readonly #clock: Pick<Clock, 'nowMs'> | undefined;

  constructor(clock: Pick<Clock, 'nowMs'> | undefined) {
    this.#clock = clock;
  }

  remember(token: string, commit: PreparedCommit): void {
    this.#commits.set(token, { commit, atMs: this.#nowMs() });
  }

  /** Whether the token stands for a commit, and whether that is this one. */
  recall(token: string, commit: PreparedCommit): 'same' | 'other' | undefined {
    const remembered = this.#commits.get(token);
    if (remembered === undefined || this.#nowMs() - remembered.atMs >= rememberedMs) return undefined;
    return isDeepStrictEqual(remembered.commit, commit) ? 'same' : 'other';
  }

  #nowMs(): number {
    return this.#clock?.nowMs() ?? 0;
  }
}
