import type { FailureReporting } from '../core/answer/failure-reporting.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { BusinessId } from '../core/idempotency-key/business-id.ts';
import type { FingerprintSetting } from '../core/idempotency-key/fingerprint.ts';
import type { Ordering } from '../core/ordering/ordering.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { Observer } from '../ports/observer.ts';
import type { ProcessExit } from '../ports/process-exit.ts';
import type { Randomness } from '../ports/randomness.ts';
import type { HandlesOne } from './handle-many.ts';
import type { HandlerContext, RecordHandler } from './handler-context.ts';

/** The options that every mode has. */
export interface CommonOptions<Value, Key> {
  /** How values are decoded. Default: `json()`. */
  readonly value?: Decoder<Value>;
  /** How Kafka keys are decoded. Default: `bytes()`. */
  readonly key?: Decoder<Key>;
  /** Where records go that cannot be handled. Default: the queue in `KAFKA_ONCE_DEAD_LETTER_QUEUE_URL`, else none. */
  readonly deadLetters?: DeadLetterSink;
  /**
   * Keeps consumers of one topic apart; stands for the consumer group. Default: `KAFKA_ONCE_NAMESPACE`, else the
   * function's name.
   */
  readonly namespace?: string;
  /** Names the cluster in keys made of coordinates. Default: `KAFKA_ONCE_CLUSTER_LABEL`, else `'default'`. */
  readonly clusterLabel?: string;
  /** Handlers that run at a time in one invocation, 1 to 1 000. Default: 10. */
  readonly maxConcurrency?: number;
  /**
   * What becomes of later records of a dead-lettered record's Kafka key, in its topic. `'continue'` (default): they are
   * handled. `'holdKey'`: they may build on it, so they are dead-lettered too, in their order and with the reason
   * `'keyHeld'`, until a person deletes the hold marker (`holdKey` in the letter) or it expires (`expiresAfterSeconds`). A
   * record without a Kafka key holds nothing. Costs a read of the hold markers per claim request (one for each Kafka
   * key in it), in the modes without claims a request a record, and a write a dead letter; and a record is failed, not handled, where that read fails. Needs a dead-letter
   * sink, an `ordering`, and `onStoreFailure: 'fail'`.
   */
  readonly afterDeadLetter?: 'continue' | 'holdKey';
  /**
   * Attempts before a failing record goes to the dead letters, 1 to 10 000. Default: `KAFKA_ONCE_MAX_ATTEMPTS`, else 10.
   * Without a dead-letter sink it has no meaning: Lambda decides.
   */
  readonly maxAttempts?: number;
  /** Errors that trying again will not mend, beside `UnprocessableRecordError`. Default: none. */
  readonly isNonRetryable?: (error: unknown) => boolean;
  /**
   * Length of a lease, 500 ms to 15 min. Default: `KAFKA_ONCE_LEASE_MS`, else 30 000. Never over a third of the
   * invocation's time.
   */
  readonly leaseMs?: number;
  /** How far two machines' clocks may differ, 0 to 60 000 ms. Default: 2 000. A takeover waits this much longer. */
  readonly clockSkewMs?: number;
  /**
   * How long a completion is remembered, 60 s to 10 years. Default: 14 days. Keep it above the topic's retention plus a
   * segment's time: a reset of the consumer group delivers those records again.
   */
  readonly expiresAfterSeconds?: number;
  /** Told of everything that happens. Default: JSON lines on the console. */
  readonly observer?: Observer;
  /** For tests: time, chance and the end of the process. */
  readonly ports?: { readonly clock?: Clock; readonly randomness?: Randomness; readonly processExit?: ProcessExit };
}

/** The options of the modes that know records by an idempotency key. */
export interface KeyedOptions<Value, Key> extends CommonOptions<Value, Key> {
  /**
   * Names what a record is about; two records with the same ID take effect once. Default: none, a record is known by its
   * coordinates, so only redeliveries are recognised and not what a producer sent twice.
   */
  readonly businessId?: BusinessId<NoInfer<Value>, NoInfer<Key>>;
  /** `'topic'` (default): an ID belongs to its topic. `'namespace'`: all topics of the namespace share their IDs. */
  readonly scope?: 'topic' | 'namespace';
  /** `'sha256'` (default), or `'md5'` to go on with a table of Powertools; see `docs/powertools.md`. */
  readonly hash?: 'sha256' | 'md5';
  /** A record without a business ID: `'fallback'` (default) to its coordinates, or `'reject'` it as unprocessable. */
  readonly onMissingBusinessId?: 'fallback' | 'reject';
  /** What must be equal in two records of one business ID. Default: true, the decoded value. */
  readonly fingerprint?: FingerprintSetting<NoInfer<Value>, NoInfer<Key>>;
  /**
   * The same ID with another payload: `'reject'` it to the dead letters, `'fail'`, or `'skip'` it as a duplicate.
   * Default: `'reject'` with a dead-letter sink, else `'fail'`.
   */
  readonly onFingerprintMismatch?: 'reject' | 'fail' | 'skip';
  /** What is kept in order. Default: `'partition'`. */
  readonly ordering?: Ordering;
  /**
   * How undone records are reported. Default: the topics in `KAFKA_ONCE_REPORT_TOPICS`, else `'throw'`. See
   * `FailureReporting` before granting reports.
   */
  readonly failureReporting?: FailureReporting;
  /** Keep what the handler returns in the marker. Default: false. */
  readonly storeResult?: boolean;
  /** Completions remembered by a warm environment, to save the call for a duplicate. Default: 1 000; 0 switches it off. */
  readonly rememberedCompletions?: number;
}

/**
 * `claim` mode, for every kind of side effect: a claim before the handler and a completion after it.
 *
 * Options that stand in a variable want `satisfies ClaimOptions<Order>`: a variable of this type may lack the decoder that
 * makes an `Order`, so `kafkaHandler` does not take it. It is the same with the options of the other modes.
 */
export interface ClaimOptions<Value = unknown, Key = Uint8Array>
  extends KeyedOptions<Value, Key>,
    HandlesOne<Value, Key, HandlerContext> {
  /** Default: `'claim'`. The other modes are those of `kafkaHandler` from `kafka-once/modes`. */
  readonly mode?: 'claim';
  /** Called once for each record that is no proven duplicate. There is no `handleMany`: claims are handled one by one. */
  readonly handle: RecordHandler<NoInfer<Value>, NoInfer<Key>>;
  /** Default: `dynamoDbStore` on the table named by `KAFKA_ONCE_TABLE`. */
  readonly store?: IdempotencyStore;
  /**
   * Records of a unit that may be handled while earlier completions are on their way, 1 to 100. Default: 25. A crash
   * repeats at most so many; 1 costs a round trip a record.
   */
  readonly completionLag?: number;
  /**
   * A lease ran out and nobody knows whether its effect happened: `'handleAgain'` (default, at least once) or
   * `'deadLetter'` (at most once: a person decides). The latter claims each record when its handler can start: a request
   * a record.
   */
  readonly onUnknownOutcome?: 'handleAgain' | 'deadLetter';
  /**
   * The store is down for longer than the time budget: `'fail'` (default), or `'handleUnprotected'` after a quarter of
   * the invocation's time. Refused credentials and a missing table always fail.
   */
  readonly onStoreFailure?: 'fail' | 'handleUnprotected';
}

/** What a handler takes other than the default has a decoder, also where its types are given by hand. */
export type Decoders<Value, Key> = ([unknown] extends [Value] ? unknown : { readonly value: Decoder<Value> }) &
  ([Uint8Array] extends [Key] ? unknown : { readonly key: Decoder<Key> });
