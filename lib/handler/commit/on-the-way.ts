import { Unconfirmed } from '../run/unconfirmed.ts';
import type { Calls } from './calls/calls.ts';
import type { Expectation } from './expectation.ts';

/** What a unit has on its way to its mark or commit, and how it waits: others expect no call and no commit of it meanwhile. */
export class OnTheWay {
  readonly #unconfirmed = new Unconfirmed();
  readonly #commits: Expectation;
  readonly #calls: Expectation;

  constructor({
    expectation,
    calls,
  }: { readonly expectation: Expectation; readonly calls: Pick<Calls, 'expectation'> }) {
    this.#commits = expectation;
    this.#calls = calls.expectation;
  }

  /** Runs the unit, of which calls and commits are expected until it ends. */
  async whileExpected(run: () => Promise<void>): Promise<void> {
    this.#commits.enter();
    this.#calls.enter();
    try {
      await run();
    } finally {
      this.#calls.leave();
      this.#commits.leave();
    }
  }

  add(confirmation: Promise<void>): void {
    this.#unconfirmed.add(confirmation);
  }

  /** Waits until no more than `count` are on their way. */
  async atMost(count: number): Promise<void> {
    if (this.#unconfirmed.size > count) await this.outside(this.#unconfirmed.atMost(count));
  }

  /** Waits for something that brings neither a call nor a commit. */
  async outside<T>(waiting: Promise<T>): Promise<T> {
    return await this.#commits.outside(this.#calls.outside(waiting));
  }
}
