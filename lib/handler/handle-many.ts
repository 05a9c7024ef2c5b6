import type { Effects } from '../core/effects/effects.ts';
import type { KafkaRecord } from '../core/record.ts';
import type { RecordContext, RecordHandler } from './handler-context.ts';
import type { RecordLogger } from './observe/record-logger.ts';

/** What `handleMany` is given beside the records. Its functions take the records of the call, as they are. */
export interface ManyContext<Value = unknown, Key = Uint8Array>
  extends Pick<RecordContext, 'signal' | 'lambdaContext'> {
  /**
   * That record failed, with an error as if `handle` had thrown it; of two for one record the last counts. Its effects are
   * not written, the other records go on.
   */
  fail(record: KafkaRecord<Value, Key>, error: unknown): void;
  /** Names the effect of a record: the same for every delivery of it. */
  idempotencyKey(record: KafkaRecord<Value, Key>): string;
  /** Attempts at a record that are known of, this one included; undefined where nobody knows, as mostly in `position` mode. */
  attempts(record: KafkaRecord<Value, Key>): number | undefined;
  /** Logs for the call as a whole: no coordinates are added. */
  readonly logger: RecordLogger;
}

/** What `handleMany` is given beside the records in the modes that commit effects. */
export interface ManyEffectContext<Value = unknown, Key = Uint8Array> extends ManyContext<Value, Key> {
  /**
   * Takes the writes of that record. Nothing is written until `handleMany` returns; then all writes of a record are written
   * together with its marker, or with the position behind it, or none is.
   */
  effects(record: KafkaRecord<Value, Key>): Effects;
}

/**
 * Handles many records by one call.
 *
 * It is given consecutive records of one or several ordering units, those of a unit in order. A record that it does not
 * `fail` is handled when it returns; the first of a unit that is not done holds back the rest of its unit. When it throws, it
 * is called again for half as many, down to one: a throw is believed of no record that had company.
 */
export type RecordsHandler<Value, Key, Context = ManyContext<Value, Key>> = (
  records: readonly KafkaRecord<Value, Key>[],
  context: Context,
) => unknown;

/** One call a record. */
export interface HandlesOne<Value, Key, Context> {
  /** Called for each record; see the mode. */
  readonly handle: RecordHandler<NoInfer<Value>, NoInfer<Key>, Context>;
  readonly handleMany?: never;
  readonly maxRecords?: never;
}

/** One call for many records. */
export interface HandlesMany<Value, Key, Context> {
  /** In the place of `handle`, for those who load or write in bulk; see the mode and `RecordsHandler`. */
  readonly handleMany: RecordsHandler<NoInfer<Value>, NoInfer<Key>, Context>;
  /** Records of a call at most, 1 to 1 000. Default: 100. A call takes one of `maxConcurrency`. */
  readonly maxRecords?: number;
  readonly handle?: never;
}
