import type { Verdict } from '../../core/esm/answer.ts';
import type { MappingMetrics } from './mapping-events.ts';

type Counts = { -readonly [Name in keyof MappingMetrics]: number };

/** The counters behind `status()`. */
export class MappingCounters {
  readonly #counts: Counts = {
    polledRecords: 0,
    invocations: 0,
    deliveries: 0,
    redeliveries: 0,
    failedInvocations: 0,
    malformedAnswers: 0,
    partialInvocations: 0,
    failedDeliveries: 0,
    notInvoked: 0,
    droppedRecords: 0,
  };

  get current(): MappingMetrics {
    return { ...this.#counts };
  }

  polled(records: number): void {
    this.#counts.polledRecords += records;
  }

  dropped(records: number): void {
    this.#counts.droppedRecords += records;
  }

  answered(
    verdict: Verdict,
    delivery: { readonly records: number; readonly again: boolean; readonly undone: number },
  ): void {
    const counts = this.#counts;
    if (verdict.kind === 'notInvoked') {
      counts.notInvoked += 1;
      return;
    }
    counts.invocations += 1;
    counts.deliveries += delivery.records;
    counts.redeliveries += delivery.again ? delivery.records : 0;
    counts.failedDeliveries += delivery.undone;
    counts.partialInvocations += verdict.kind === 'partial' ? 1 : 0;
    if (verdict.kind === 'failed') {
      counts.failedInvocations += 1;
      counts.malformedAnswers += verdict.because === 'functionError' ? 0 : 1;
    }
  }
}
