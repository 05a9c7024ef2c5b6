import { runHandler } from '../../run/run-handler.ts';
import type { SharedParts } from '../../run/shared-parts.ts';
import { Expectation } from '../expectation.ts';
import type { Calls, NewRecorder, Ready, Run } from './calls.ts';
import type { Started } from './started.ts';

/** Calls `handle`, for each record. */
export class SingleCalls implements Calls {
  readonly most = 1;
  readonly expectation: Expectation = new Expectation();
  readonly #parts: SharedParts;
  readonly #newRecorder: NewRecorder | undefined;

  constructor(parts: SharedParts, newRecorder: NewRecorder | undefined) {
    this.#parts = parts;
    this.#newRecorder = newRecorder;
  }

  begin(): Run {
    return new SingleRun((ready) => this.#call(ready));
  }

  async #call({ entry, prepared, attempts }: Ready): Promise<Started> {
    const { slots, terms, holds, pace } = this.#parts;
    const unread = await holds.look(prepared);
    if (unread !== undefined) return { kind: 'keyUnread', error: unread };
    await slots.take();
    try {
      if (entry.unit.stopped) return { kind: 'stopped' };
      if (!terms.budget.mayStart()) return { kind: 'notAttempted' };
      if (holds.isHeld(prepared)) return { kind: 'keyHeld' };
      entry.started = true;
      const recorder = this.#newRecorder?.(entry);
      const startedAtMs = terms.clock.nowMs();
      const call = recorder === undefined ? { attempts } : { attempts, effects: recorder.effects };
      const result = await runHandler(prepared, call, terms.clock, terms.budget);
      const effects = recorder?.close() ?? [];
      if (result.kind !== 'resolved') return result;
      pace.note(result.durationMs);
      if (recorder?.refusal !== undefined) {
        return { kind: 'threw', error: recorder.refusal.error, durationMs: result.durationMs, startedAtMs };
      }
      return { ...result, effects, startedAtMs };
    } finally {
      slots.giveBack();
    }
  }
}

class SingleRun implements Run {
  readonly #call: (ready: Ready) => Promise<Started>;
  #only: Ready | undefined;

  constructor(call: (ready: Ready) => Promise<Started>) {
    this.#call = call;
  }

  get isOpen(): boolean {
    return this.#only === undefined;
  }

  add(ready: Ready): Promise<boolean> {
    this.#only = ready;
    return Promise.resolve(true);
  }

  async ended(): Promise<readonly Started[]> {
    return this.#only === undefined ? [] : [await this.#call(this.#only)];
  }
}
