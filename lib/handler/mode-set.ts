import type { DynamoDbStoreOptions } from '../adapters/dynamodb/store-options.ts';
import type { KeySettings } from '../core/idempotency-key/idempotency-key.ts';
import type { KafkaRecord } from '../core/record.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { GivenToAll } from './prepare.ts';
import type { HandlerCall } from './run/handler-call.ts';
import type { StartMode } from './run/shared-parts.ts';

/** The store of a handler, and how its mode is started. */
export interface Start {
  readonly store: IdempotencyStore;
  readonly startMode: StartMode;
}

/** Calls the user's handler for one record with what its mode promises. */
export type CallHandler = (record: KafkaRecord, call: HandlerCall, given: GivenToAll) => unknown;

/** What the options decide elsewhere, and a mode needs to start. */
export interface StartGiven<Store> {
  readonly keys: KeySettings;
  /** The store where the options have none. */
  readonly defaultStore: () => Store;
}

/**
 * The modes that an entry of the package offers. Their code is reached from here alone: a function that only claims is
 * bundled without the rest.
 */
export interface ModeSet<Options, Store extends IdempotencyStore = IdempotencyStore> {
  /**
   * Refuses options that the mode does not have, or that contradict it; `reports`: reports are granted, by option or
   * environment.
   *
   * @throws ConfigurationError naming the option.
   */
  check(options: Options, reports: boolean): void;
  /** The store of the table that the environment names. */
  makeStore(options: DynamoDbStoreOptions): Store;
  start(options: Options, given: StartGiven<Store>): Start;
  callOf(options: Options): CallHandler;
}
