import type { Outcome } from '../../core/outcome.ts';
import type { KafkaRecord, ReceivedRecord } from '../../core/record.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { HandlerCall } from './handler-call.ts';

/** A record made ready: decoded, its keys computed. */
export interface Prepared {
  readonly idempotencyKey: string;
  readonly keyKind: 'businessId' | 'fallback';
  /** The key of the record's coordinates, under which a dead-lettered record is marked. */
  readonly coordinatesKey: string;
  /** The key of the marker that would hold its Kafka key; undefined where it has none, or where no key is ever held. */
  readonly holdKey: string | undefined;
  readonly fingerprint: string | undefined;
  /** A business ID is asked for, and the record has none. */
  readonly lacksBusinessId: boolean;
  /** The record as handlers see it, or why it could not be decoded or keyed. */
  readonly decoded: { readonly record: KafkaRecord } | { readonly fault: unknown };
  /**
   * Runs the user's handler on the decoded record. For a record that could not be decoded or keyed it rejects with the
   * reason, so that such a record goes the way of any failing one.
   */
  handle(call: HandlerCall): Promise<unknown>;
}

/** A record of the batch on its way to its outcome. */
export class Entry {
  readonly received: ReceivedRecord;
  readonly unit: Unit;
  /** Its place in its unit. */
  readonly index: number;
  prepared: Prepared | undefined;
  readonly #settled: Deferred<Outcome> = deferred();
  #outcome: Outcome | undefined;
  /** Set when the user's handler was called for it, or is about to be. */
  started = false;
  /** Dead-lettered at an earlier delivery: done, but no proof of an effect for others with its idempotency key. */
  wasDeadLettered = false;

  constructor(received: ReceivedRecord, unit: Unit, index: number) {
    this.received = received;
    this.unit = unit;
    this.index = index;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get settled(): Promise<Outcome> {
    return this.#settled.promise;
  }

  /** The first outcome stays. */
  settle(outcome: Outcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#settled.resolve(outcome);
  }
}

/** An ordering unit: its records run one after the other. */
export class Unit {
  readonly entries: readonly Entry[];
  /** Nothing more of the unit may start. */
  stopped = false;
  /** Records behind this place are not to be claimed yet: the one at it waits for somebody. */
  blockedAt: number | undefined;

  constructor(records: readonly ReceivedRecord[]) {
    this.entries = records.map((record, index) => new Entry(record, this, index));
  }
}
