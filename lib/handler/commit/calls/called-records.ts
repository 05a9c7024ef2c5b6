import { formatCoordinates } from '../../../core/coordinates.ts';
import type { Effect } from '../../../core/effects/effect.ts';
import type { EffectRecorder } from '../../../core/effects/effect-recorder.ts';
import type { Effects } from '../../../core/effects/effects.ts';
import type { KafkaRecord } from '../../../core/record.ts';
import type { NewRecorder, Ready } from './calls.ts';

interface Called {
  readonly ready: Ready;
  readonly record: KafkaRecord;
  readonly recorder: EffectRecorder | undefined;
  failure: { readonly error: unknown } | undefined;
}

/** The records of one call for many, as the user's function sees and names them. */
export class CalledRecords {
  readonly #byRecord: ReadonlyMap<KafkaRecord, Called>;
  readonly #byReady: ReadonlyMap<Ready, Called>;
  #isClosed = false;

  constructor(members: readonly Ready[], newRecorder: NewRecorder | undefined) {
    const called = members.flatMap((ready): Called[] => {
      const { decoded } = ready.prepared;
      if (!('record' in decoded)) return [];
      return [{ ready, record: decoded.record, recorder: newRecorder?.(ready.entry), failure: undefined }];
    });
    this.#byRecord = new Map(called.map((one) => [one.record, one]));
    this.#byReady = new Map(called.map((one) => [one.ready, one]));
  }

  /** A list of the user's own. */
  records(): KafkaRecord[] {
    return [...this.#byRecord.keys()];
  }

  fail = (record: KafkaRecord, error: unknown): void => {
    const called = this.#called('fail', record);
    if (this.#isClosed) {
      const where = formatCoordinates(called.ready.entry.received);
      throw new Error(`fail: ${where}: called after handleMany returned; await everything that fails records`);
    }
    called.failure = { error };
  };

  effects = (record: KafkaRecord): Effects => {
    const { recorder } = this.#called('effects', record);
    if (recorder === undefined) throw new Error('this mode has no effects');
    return recorder.effects;
  };

  idempotencyKey = (record: KafkaRecord): string =>
    this.#called('idempotencyKey', record).ready.prepared.idempotencyKey;

  attempts = (record: KafkaRecord): number | undefined => this.#called('attempts', record).ready.attempts;

  /** Nothing can be added or failed any more. */
  close(): void {
    this.#isClosed = true;
    for (const { recorder } of this.#byReady.values()) recorder?.close();
  }

  effectsOf(ready: Ready): readonly Effect[] {
    return this.#byReady.get(ready)?.recorder?.close() ?? [];
  }

  /** Named by the user, or that an effect was refused. */
  failureOf(ready: Ready): { readonly error: unknown } | undefined {
    const called = this.#byReady.get(ready);
    return called?.failure ?? called?.recorder?.refusal;
  }

  #called(method: string, record: KafkaRecord): Called {
    const called = this.#byRecord.get(record);
    if (called !== undefined) return called;
    throw new TypeError(
      `${method}: takes a record of this call of handleMany as it was given, not a copy or another one`,
    );
  }
}
