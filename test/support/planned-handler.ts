import { UnprocessableRecordError } from '../../lib/core/errors/errors.ts';
import type { FakeClock } from '../../lib/testing/fake-clock.ts';
import type { PlannedRecord } from './batches.ts';
import { at, type BenchKafkaRecord } from './handler-bench.ts';

/** One effect of a handler, at the moment it happens. */
export interface Effect {
  readonly at: string;
  readonly partition: number;
  readonly offset: number;
}

/** A handler that behaves as planned; it writes down its effects, and what it threw to be tried again. */
export class PlannedHandler {
  readonly effects: Effect[] = [];
  readonly failures: { readonly at: string; readonly atMs: number }[] = [];
  readonly #plan: ReadonlyMap<string, PlannedRecord>;
  readonly #threw = new Set<string>();
  readonly #clock: FakeClock;

  constructor(records: readonly PlannedRecord[], clock: FakeClock) {
    this.#plan = new Map(records.map((record) => [at({ topic: 'orders', ...record }), record]));
    this.#clock = clock;
  }

  handle = async (record: BenchKafkaRecord): Promise<void> => {
    const place = at(record);
    const does = this.#plan.get(place)?.behaviour ?? 'ok';
    if (does === 'slow') await new Promise<void>((resolve) => this.#clock.schedule(700, resolve));
    if (does === 'unprocessable') throw new UnprocessableRecordError('no use');
    if (does === 'throw' || (does === 'throwOnce' && !this.#threw.has(place))) {
      this.#threw.add(place);
      this.failures.push({ at: place, atMs: this.#clock.nowMs() });
      throw new Error('not now');
    }
    this.effects.push({ at: place, partition: record.partition, offset: record.offset });
  };
}
