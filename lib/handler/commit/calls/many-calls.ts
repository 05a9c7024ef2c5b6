import { TimeBudgetError } from '../../../core/errors/errors.ts';
import type { KafkaRecord } from '../../../core/record.ts';
import type { Cancel } from '../../../ports/clock.ts';
import type { Observer } from '../../../ports/observer.ts';
import type { ManyContext } from '../../handle-many.ts';
import type { RecordLogger } from '../../observe/record-logger.ts';
import type { Entry, Unit } from '../../run/entry.ts';
import { errorNameOf } from '../../run/give-up.ts';
import { type HandlerResult, settleCall } from '../../run/run-handler.ts';
import type { SharedParts } from '../../run/shared-parts.ts';
import { Expectation } from '../expectation.ts';
import { CalledRecords } from './called-records.ts';
import type { Calls, NewRecorder, Ready, Run } from './calls.ts';
import { ManyRun } from './many-run.ts';
import { type CallEnd, OpenCall } from './open-call.ts';
import type { Again, Started } from './started.ts';

/** How long a call waits for records that may come. */
const lingerMs = 4;

/** The user's function for many records, with what its mode promises. */
export type CallMany = (records: readonly KafkaRecord[], context: ManyContext, called: CalledRecords) => unknown;

/**
 * Calls `handleMany`, for records of as many units as there are.
 *
 * A call is sent when it is full, when no unit can bring more, or after a few milliseconds; while it waits for its turn it takes
 * more. It takes one of `maxConcurrency`. A throw is believed of no record that had company: halves find out whose it was.
 */
export class ManyCalls implements Calls {
  readonly most: number;
  readonly expectation: Expectation = new Expectation();
  readonly #parts: SharedParts;
  readonly #callMany: CallMany;
  readonly #newRecorder: NewRecorder | undefined;
  /** When a record was called first: the calls for fewer that follow are the same attempt. */
  readonly #attemptedAtMs = new Map<Entry, number>();
  #open: OpenCall | undefined;
  #linger: Cancel | undefined;

  constructor(parts: SharedParts, most: number, callMany: CallMany, newRecorder: NewRecorder | undefined) {
    this.#parts = parts;
    this.most = most;
    this.#callMany = callMany;
    this.#newRecorder = newRecorder;
    this.expectation.onNone = () => this.#sendOpen();
  }

  begin(): Run {
    return new ManyRun(this.#parts, (run, most) => this.#join(run, most));
  }

  /** A run is never divided: its records would be handled at the same time, or wait for no reason. */
  #join(run: readonly Ready[], most: number): Promise<CallEnd> {
    if (this.#open?.takes(run.length, most) === false) {
      this.#sendOpen();
      this.#open = undefined;
    }
    this.#open ??= new OpenCall();
    const call = this.#open;
    call.add(run, most);
    if (call.isFull) this.#sendOpen();
    else if (!call.isSent) this.#linger ??= this.#parts.terms.clock.schedule(lingerMs, () => this.#sendOpen());
    return call.ended;
  }

  #sendOpen(): void {
    this.#linger?.();
    this.#linger = undefined;
    if (this.#open === undefined || this.#open.isSent) return;
    this.#open.isSent = true;
    void this.#send(this.#open);
  }

  async #send(call: OpenCall): Promise<void> {
    const { slots } = this.#parts;
    await slots.take();
    if (this.#open === call) this.#open = undefined;
    try {
      call.end(await this.#handled(call.members));
    } finally {
      slots.giveBack();
    }
  }

  async #handled(members: readonly Ready[]): Promise<CallEnd> {
    const ended = new Map<Ready, Started | Again>();
    const behind = new Set<Unit>();
    for (const ready of members) {
      const uncalled = this.#whyUncalled(ready, behind);
      if (uncalled !== undefined) ended.set(ready, uncalled);
    }
    const called = members.filter((ready) => !ended.has(ready));
    if (called.length === 0) return ended;
    const startedAtMs = this.#parts.terms.clock.nowMs();
    for (const { entry } of called) {
      entry.started = true;
      if (!this.#attemptedAtMs.has(entry)) this.#attemptedAtMs.set(entry, startedAtMs);
    }
    const records = new CalledRecords(called, this.#newRecorder);
    const result = await this.#call(records);
    records.close();
    if (result.kind === 'threw' && called.length > 1) this.#tell(result.error, called.length);
    for (const ready of called) ended.set(ready, this.#endOf(ready, records, result, called.length, startedAtMs));
    return ended;
  }

  /** What may have happened while the call waited for its turn. */
  #whyUncalled({ entry, prepared }: Ready, behind: Set<Unit>): Started | Again | undefined {
    const { terms, holds } = this.#parts;
    if (entry.unit.stopped) return { kind: 'stopped' };
    if (!terms.budget.mayStart()) return { kind: 'notAttempted' };
    if (holds.isHeld(prepared)) behind.add(entry.unit);
    return behind.has(entry.unit) ? { kind: 'again', most: this.most } : undefined;
  }

  async #call(records: CalledRecords): Promise<HandlerResult> {
    const { terms, lambdaContext } = this.#parts;
    const { budget, observer, clock } = terms;
    const { fail, idempotencyKey, attempts } = records;
    const signal = budget.handling;
    const context = { fail, idempotencyKey, attempts, signal, logger: callLogger(observer), lambdaContext };
    const handle = async (call: ManyContext): Promise<unknown> =>
      await this.#callMany(records.records(), call, records);
    return await settleCall(handle, context, clock, budget);
  }

  #endOf(
    ready: Ready,
    records: CalledRecords,
    result: HandlerResult,
    together: number,
    startedAtMs: number,
  ): Started | Again {
    if (result.kind === 'unsettled') return result;
    const { durationMs } = result;
    const failure = records.failureOf(ready);
    if (failure !== undefined) {
      const { error } = failure;
      return { kind: 'threw', error, durationMs, ...this.#attempt(ready, startedAtMs) };
    }
    if (result.kind === 'resolved') {
      return { kind: 'resolved', value: undefined, durationMs, startedAtMs, effects: records.effectsOf(ready) };
    }
    if (together === 1) return { ...result, ...this.#attempt(ready, startedAtMs) };
    if (this.#parts.terms.budget.mayStart()) return { kind: 'again', most: Math.floor(together / 2) };
    const attemptedAtMs = this.#attemptedAtMs.get(ready.entry) ?? startedAtMs;
    const why = `handleMany threw for ${together} records together, and no time was left to call it for fewer`;
    const error = new TimeBudgetError(why, { cause: result.error });
    return { ...result, error, startedAtMs: attemptedAtMs, hadCompany: true };
  }

  /** What was cut short after calls for more had used the time is theirs, and comes again with less company. */
  #attempt({ entry }: Ready, startedAtMs: number): { readonly startedAtMs: number; readonly hadCompany: boolean } {
    const attemptedAtMs = this.#attemptedAtMs.get(entry) ?? startedAtMs;
    const hadCompany = attemptedAtMs < startedAtMs && this.#parts.terms.budget.handling.aborted;
    return { startedAtMs: hadCompany ? attemptedAtMs : startedAtMs, hadCompany };
  }

  #tell(error: unknown, together: number): void {
    const message = `handleMany threw (${errorNameOf(error)}) for ${together} records together: it is called again for fewer`;
    this.#parts.terms.observer.observe({ type: 'warning', message });
  }
}

function callLogger(observer: Observer): RecordLogger {
  return {
    debug: (message, fields = {}) => observer.log('debug', message, fields),
    info: (message, fields = {}) => observer.log('info', message, fields),
    warn: (message, fields = {}) => observer.log('warn', message, fields),
    error: (message, fields = {}) => observer.log('error', message, fields),
  };
}
