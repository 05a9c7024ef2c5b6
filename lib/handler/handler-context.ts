import type { Effects } from '../core/effects/effects.ts';
import type { KafkaRecord } from '../core/record.ts';
import type { LambdaContext } from './lambda-context.ts';
import type { RecordLogger } from './observe/record-logger.ts';

/** What a handler is given beside the record, in every mode. */
export interface RecordContext {
  /** Names the effect: the same for every delivery of the record. Pass it on, as an `Idempotency-Key` for example. */
  readonly idempotencyKey: string;
  /** Attempts at this record that are known of, this one included; undefined when unprotected, and in `position` mode. */
  readonly attempts: number | undefined;
  /** Aborted when the lease is lost or the invocation runs out of time: stop, and throw. */
  readonly signal: AbortSignal;
  /** Logs with the record's coordinates. */
  readonly logger: RecordLogger;
  /** Lambda's context; undefined where the function was called without one. */
  readonly lambdaContext: LambdaContext | undefined;
}

/** What a handler is given beside the record in `claim` mode. */
export interface HandlerContext extends RecordContext {
  /** Grows with each claim of the key, for downstream systems that refuse what is older; undefined only when unprotected. */
  readonly fence: number | undefined;
}

/** What a handler is given beside the record in the modes that commit its effects. */
export interface EffectContext extends RecordContext {
  /**
   * Takes the writes of this record. Nothing is written until the handler returns; then all of them are written together
   * with the record's marker, or with the position behind it, or none is.
   */
  readonly effects: Effects;
}

/** Handles one record. What it throws makes the record fail; what it returns is kept under `storeResult`. */
export type RecordHandler<Value, Key, Context = HandlerContext> = (
  record: KafkaRecord<Value, Key>,
  context: Context,
) => unknown;
