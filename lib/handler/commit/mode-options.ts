import type { TransactionalStore } from '../../ports/commit-store.ts';
import type { HandlesMany, HandlesOne, ManyContext, ManyEffectContext, RecordsHandler } from '../handle-many.ts';
import type { EffectContext, RecordContext, RecordHandler } from '../handler-context.ts';
import type { ClaimOptions, CommonOptions, KeyedOptions } from '../handler-options.ts';
import type { CommitOption } from './commit-option.ts';

/** An option of the modes without claims. */
export interface StartCounting {
  /**
   * Whether calls of the handler that end the process count as attempts. Default: false; a record that ends the process every
   * time is then tried for ever. True costs two writes an invocation and topic-partition: an item that stands while handlers may
   * be running. Where an invocation has ended without an answer, the next one calls the records that may be to blame one by
   * one, with nothing else beside, at two writes each. Needs a dead-letter sink.
   */
  readonly countStarts?: boolean;
}

/** What is the same in `mark` mode for one record a call and for many. */
interface MarkTerms<Value, Key> extends KeyedOptions<Value, Key>, StartCounting {
  readonly mode: 'mark';
  /** Default: `dynamoDbStore` on the table named by `KAFKA_ONCE_TABLE`. */
  readonly store?: TransactionalStore;
  /**
   * Records of a unit that may be handled while earlier marks are on their way, 1 to 100. Default: 25. A crash
   * repeats at most so many, and under `handleMany` `maxRecords` more; 1 costs a round trip a call.
   */
  readonly completionLag?: number;
}

/** `mark` mode, for side effects that may repeat: a read before the handler and a mark after it. */
export interface MarkOptions<Value = unknown, Key = Uint8Array>
  extends MarkTerms<Value, Key>,
    HandlesOne<Value, Key, RecordContext> {
  /** Called for each record that is not marked; again after a crash, and by two invocations at a time. */
  readonly handle: RecordHandler<NoInfer<Value>, NoInfer<Key>, RecordContext>;
}

/** `mark` mode for many records a call. */
export interface MarkManyOptions<Value = unknown, Key = Uint8Array>
  extends MarkTerms<Value, Key>,
    HandlesMany<Value, Key, ManyContext<NoInfer<Value>, NoInfer<Key>>> {
  /**
   * Called for records that are not marked. Beside the windows of `handle` there is one more: side effects of a record that
   * stands in the call behind one of its unit that failed have happened, but it is not marked, and so is handled again.
   */
  readonly handleMany: RecordsHandler<NoInfer<Value>, NoInfer<Key>, ManyContext<NoInfer<Value>, NoInfer<Key>>>;
  /** There is no result of a single record. */
  readonly storeResult?: false;
}

/** What is the same in `transaction` mode for one record a call and for many. */
interface TransactionTerms<Value, Key> extends KeyedOptions<Value, Key>, StartCounting {
  readonly mode: 'transaction';
  /** Default: `dynamoDbStore` on the table named by `KAFKA_ONCE_TABLE`. */
  readonly store?: TransactionalStore;
  /**
   * `'each'` (default): the next handler of an ordering unit starts after the last commit, so that it reads what was written.
   * `'prefix'`: handlers run ahead and an ordered prefix commits together; for handlers that do not read what earlier
   * records wrote. Records of one call of `handleMany` cannot see each other's effects; under `'each'` they are committed,
   * as ordered prefixes, before the next call with records of their unit.
   */
  readonly commit?: CommitOption;
}

/** `transaction` mode, for effects that are DynamoDB writes: they commit with the record's marker. */
export interface TransactionOptions<Value = unknown, Key = Uint8Array>
  extends TransactionTerms<Value, Key>,
    HandlesOne<Value, Key, EffectContext> {
  /** Adds the effects of a record; called again whenever they were not committed, so it should have no others. */
  readonly handle: RecordHandler<NoInfer<Value>, NoInfer<Key>, EffectContext>;
}

/** `transaction` mode for many records a call. */
export interface TransactionManyOptions<Value = unknown, Key = Uint8Array>
  extends TransactionTerms<Value, Key>,
    HandlesMany<Value, Key, ManyEffectContext<NoInfer<Value>, NoInfer<Key>>> {
  /** There is no result of a single record. */
  readonly storeResult?: false;
}

/** What is the same in `position` mode for one record a call and for many. */
interface PositionTerms<Value, Key> extends CommonOptions<Value, Key>, StartCounting {
  readonly mode: 'position';
  /** Default: `dynamoDbStore` on the table named by `KAFKA_ONCE_TABLE`. */
  readonly store?: TransactionalStore;
  /** As in `transaction` mode. Under `'prefix'` a position costs one write for up to 99 effects. */
  readonly commit?: CommitOption;
  /**
   * Raise it to start anew: positions of a lower one count as none. Default: 0. When a topic is made again, truncated or mirrored,
   * before the function gets its records: one below the position that is not later than what is done passes for a duplicate.
   */
  readonly generation?: number;
  readonly ordering?: 'partition';
  readonly failureReporting?: 'throw';
}

/**
 * `position` mode, for DynamoDB writes where redelivery is the only source of duplicates: the effects of a topic-partition's
 * records and its next offset commit together.
 *
 * It trusts an ordered prefix: it needs an event source mapping without bisect, retry or age limits, and is ordered by
 * partition and reports by throwing.
 */
export interface PositionOptions<Value = unknown, Key = Uint8Array>
  extends PositionTerms<Value, Key>,
    HandlesOne<Value, Key, EffectContext> {
  /** Adds the effects of a record; called again whenever they were not committed, so it should have no others. */
  readonly handle: RecordHandler<NoInfer<Value>, NoInfer<Key>, EffectContext>;
}

/** `position` mode for many records a call. */
export interface PositionManyOptions<Value = unknown, Key = Uint8Array>
  extends PositionTerms<Value, Key>,
    HandlesMany<Value, Key, ManyEffectContext<NoInfer<Value>, NoInfer<Key>>> {}

/**
 * The options of `kafkaHandler`. Only `handle`, or in the modes without claims `handleMany` in its place, is required where
 * the environment variables are set.
 */
export type KafkaHandlerOptions<Value = unknown, Key = Uint8Array> =
  | ClaimOptions<Value, Key>
  | MarkOptions<Value, Key>
  | MarkManyOptions<Value, Key>
  | TransactionOptions<Value, Key>
  | TransactionManyOptions<Value, Key>
  | PositionOptions<Value, Key>
  | PositionManyOptions<Value, Key>;
