import type { StoreError } from '../../../ports/store-error.ts';
import type { Entry } from '../../run/entry.ts';
import type { Calls, Ready, Run } from '../calls/calls.ts';
import type { Again, Started } from '../calls/started.ts';
import type { Expectation } from '../expectation.ts';
import type { Starts } from './starts.ts';

type RunEnd = readonly (Started | Again)[];

/** Calls the user's function as another does, but for suspects alone, and only what is noted. */
export class CountedCalls implements Calls {
  readonly #calls: Calls;
  readonly #starts: Starts;

  constructor(calls: Calls, starts: Starts) {
    this.#calls = calls;
    this.#starts = starts;
  }

  get most(): number {
    return this.#calls.most;
  }

  get expectation(): Expectation {
    return this.#calls.expectation;
  }

  begin(): Run {
    return new CountedRun(this.#calls.begin(), this.#starts);
  }
}

class CountedRun implements Run {
  readonly #run: Run;
  readonly #starts: Starts;
  #isEmpty = true;
  #suspect: Entry | undefined;
  #uncounted: StoreError | undefined;

  constructor(run: Run, starts: Starts) {
    this.#run = run;
    this.#starts = starts;
  }

  get isOpen(): boolean {
    return this.#uncounted === undefined && this.#suspect === undefined && this.#run.isOpen;
  }

  async add(ready: Ready, most: number): Promise<boolean> {
    const uncounted = await this.#starts.open(ready.entry);
    const isSuspect = this.#starts.isSuspect(ready.entry);
    if (!this.#isEmpty && (isSuspect || uncounted !== undefined)) return false;
    this.#uncounted = uncounted;
    if (uncounted !== undefined) return true;
    if (!(await this.#run.add(ready, isSuspect ? 1 : most))) return false;
    this.#isEmpty = false;
    if (isSuspect) this.#suspect = ready.entry;
    return true;
  }

  async ended(): Promise<RunEnd> {
    if (this.#uncounted !== undefined) return [{ kind: 'uncounted', error: this.#uncounted }];
    if (this.#suspect === undefined) return await this.#amongOthers();
    return await this.#alone(this.#suspect);
  }

  async #alone(suspect: Entry): Promise<RunEnd> {
    return await this.#starts.alone(suspect, async (note) => {
      // While it waited for its turn its unit may have been stopped, or the time have gone.
      if (!this.#starts.mayStart(suspect)) return await this.#run.ended();
      const uncounted = await note(true);
      if (uncounted !== undefined) return [{ kind: 'uncounted', error: uncounted }];
      const ended = await this.#run.ended();
      if (ended.some(({ kind }) => kind === 'unsettled')) return ended;
      if (ended.every(({ kind }) => kind === 'resolved' || kind === 'threw')) this.#starts.clear(suspect);
      // If this cannot be written, the record may be blamed once for another's end.
      await note(false);
      return ended;
    });
  }

  async #amongOthers(): Promise<RunEnd> {
    const { turns } = this.#starts;
    await turns.enter();
    try {
      return await this.#run.ended();
    } finally {
      turns.leave();
    }
  }
}
