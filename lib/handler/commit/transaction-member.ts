import type { Marker } from '../../core/claim/marker.ts';
import type { Effect } from '../../core/effects/effect.ts';
import { isDone } from '../../core/outcome.ts';
import type { Entry } from '../run/entry.ts';
import type { RecordEndings } from '../run/record-endings.ts';
import { effectFailure } from './effect-failure.ts';
import type { FailedRecords } from './failed-records.ts';
import type { Handled } from './handled.ts';
import type { InTheWay } from './looked.ts';
import type { Ended, Member } from './member.ts';

/** A record on its way to the commit of its marker and effects. */
export class TransactionMember implements Member<InTheWay> {
  readonly handled: Handled;
  readonly #endings: RecordEndings;
  readonly #failed: FailedRecords;
  effects: readonly Effect[];
  alone = false;
  mostTogether: number = Number.POSITIVE_INFINITY;
  /** The marker that its own will replace. */
  seen: Marker | undefined;
  /** What the handler returned; left out where the store cannot keep it. */
  result: unknown;

  constructor(handled: Handled, endings: RecordEndings, failed: FailedRecords) {
    this.handled = handled;
    this.#endings = endings;
    this.#failed = failed;
    this.effects = handled.effects;
    this.seen = handled.seen;
    this.result = handled.result;
  }

  get entry(): Entry {
    return this.handled.entry;
  }

  async settle(ended: Ended<InTheWay>): Promise<boolean> {
    await this.#end(ended);
    const { outcome } = this.entry;
    return outcome !== undefined && isDone(outcome);
  }

  async #end(ended: Ended<InTheWay>): Promise<void> {
    const { entry, prepared, attempts, durationMs, startedAtMs } = this.handled;
    switch (ended.kind) {
      case 'committed':
        this.#endings.end(entry, 'handled', attempts, durationMs);
        return;
      case 'dropped':
        return;
      case 'failed':
        this.#endings.stop(entry, 'failed', ended.error, attempts, durationMs);
        return;
      case 'reviewed':
        await this.#settleReviewed(ended.reviewed);
        return;
      default: {
        const error = effectFailure(entry.received, this.effects, ended);
        await this.#failed.fail(entry, prepared, { kind: 'threw', error, durationMs, startedAtMs });
      }
    }
  }

  async #settleReviewed(inTheWay: InTheWay): Promise<void> {
    const { entry, attempts, durationMs } = this.handled;
    switch (inTheWay.kind) {
      case 'duplicate':
        this.#endings.end(entry, 'duplicate');
        return;
      case 'mismatch':
        await this.#endings.mismatch(entry);
        return;
      case 'busy':
        this.#endings.stop(entry, 'busy', undefined, attempts, durationMs);
    }
  }
}
