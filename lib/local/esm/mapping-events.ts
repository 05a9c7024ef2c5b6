import type { Verdict } from '../../core/esm/answer.ts';

/** What happens in a local event source mapping, told as it happens. Nothing of a record but its coordinates. */
export type MappingEvent =
  /** A rebalance of the consumer group gave these partitions to this mapping. */
  | { readonly kind: 'assigned'; readonly partitions: readonly number[] }
  | {
      readonly kind: 'invoking';
      readonly poller: number;
      readonly topicPartitions: readonly string[];
      readonly records: number;
      readonly payloadBytes: number;
      /** 0 for the first delivery of the batch. */
      readonly failedTries: number;
    }
  | { readonly kind: 'answered'; readonly poller: number; readonly records: number; readonly verdict: Verdict }
  | { readonly kind: 'committed'; readonly offsets: ReadonlyMap<string, number> }
  | {
      readonly kind: 'dropped';
      readonly because: 'retriesExhausted' | 'payloadTooLarge';
      /** `<topic>-<partition>@<offset>` of each. */
      readonly records: readonly string[];
    }
  /** Kafka could not be read or committed to; it is tried again. */
  | { readonly kind: 'trouble'; readonly during: 'group' | 'fetch' | 'commit'; readonly error: unknown };

/** Counts since the mapping was started, named after Lambda's metrics where it has them. */
export interface MappingMetrics {
  /** Records read from Kafka (PolledEventCount). */
  readonly polledRecords: number;
  /** Invocations, retries included, throttled ones not. */
  readonly invocations: number;
  /** Records handed to the function, again counted at each delivery (InvokedEventCount). */
  readonly deliveries: number;
  /** Those of `deliveries` that were no first ones. */
  readonly redeliveries: number;
  /** Invocations after which the whole batch was delivered again. */
  readonly failedInvocations: number;
  /** Those of `failedInvocations` whose answer was malformed or named a record that the event did not hold. */
  readonly malformedAnswers: number;
  /** Invocations that named some records as failed. */
  readonly partialInvocations: number;
  /** Records that an invocation left undone, at each time (FailedInvokeEventCount). */
  readonly failedDeliveries: number;
  /** Invocations that never reached the function. */
  readonly notInvoked: number;
  /** Records given up (DroppedEventCount). */
  readonly droppedRecords: number;
}

/** The state of a mapping at a moment. */
export interface MappingStatus extends MappingMetrics {
  /** By `<topic>-<partition>`; what this mapping committed since it started. */
  readonly committedOffsets: ReadonlyMap<string, number>;
  readonly assignedPartitions: readonly number[];
  /** Records read from Kafka that wait for a batch. */
  readonly waitingRecords: number;
}
