import type { Marker } from '../../core/claim/marker.ts';
import { formatCoordinates } from '../../core/coordinates.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { CommitStore, MarkWrite, SetMarkResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { expiresAt } from '../claims/claim-terms.ts';
import { callStore } from '../claims/store-failure.ts';
import { Gather } from '../run/gather.ts';
import type { RecordEndings } from '../run/record-endings.ts';
import type { SharedParts } from '../run/shared-parts.ts';
import { wait } from '../run/wait.ts';
import type { Handled } from './handled.ts';
import type { MarkerLooks } from './marker-looks.ts';

const batchSize = 25;
const gatherMs = 4;

/** What is still to be written of a record. */
interface Marking {
  seen: Marker | undefined;
  result: unknown;
}

/** Marks handled records, 25 in a request, a few milliseconds after their handlers resolved. */
export class Marks {
  readonly #parts: SharedParts;
  readonly #looks: MarkerLooks;
  readonly #gather: Gather<MarkWrite, SetMarkResult>;

  constructor(parts: SharedParts, looks: MarkerLooks, store: CommitStore) {
    this.#parts = parts;
    this.#looks = looks;
    const { terms } = parts;
    this.#gather = new Gather({
      clock: terms.clock,
      size: Math.min(batchSize, terms.settings.completionLag),
      delayMs: gatherMs,
      send: (writes) =>
        callStore('setMarks', writes.length, () => store.setMarks(writes, { signal: terms.budget.answering }), terms),
    });
  }

  /** Marks a record and settles it: handled, or undone if it cannot be marked. */
  async mark(handled: Handled, endings: RecordEndings): Promise<void> {
    const { terms, cache } = this.#parts;
    const { entry, prepared, attempts, durationMs } = handled;
    const marking: Marking = {
      seen: handled.seen,
      result: terms.settings.storeResult ? handled.result : undefined,
    };
    for (let failures = 0; ; failures += 1) {
      const write = this.#writeOf(handled, marking);
      const next = await this.#after(handled, marking, await this.#gather.add(write));
      if (next === 'marked') {
        const { expiresAtSeconds, fingerprint } = write;
        cache.remember(prepared.idempotencyKey, { expiresAtSeconds, fingerprint });
        return endings.end(entry, 'handled', attempts, durationMs);
      }
      const { clock, randomness, budget } = terms;
      const goOn =
        next === 'again' && (await wait(clock, backoffMs(failures, randomness.fraction()), budget.answering));
      if (!goOn) {
        const error = next === 'again' ? outOfTime : next;
        return endings.stop(entry, 'failed', error, attempts, durationMs);
      }
    }
  }

  #writeOf({ entry, prepared, attempts }: Handled, { seen, result }: Marking): MarkWrite {
    return {
      idempotencyKey: prepared.idempotencyKey,
      seen,
      attempts,
      expiresAtSeconds: expiresAt(this.#parts.terms),
      fingerprint: prepared.fingerprint,
      result,
      source: formatCoordinates(entry.received),
    };
  }

  async #after({ entry }: Handled, marking: Marking, result: SetMarkResult): Promise<'marked' | 'again' | StoreError> {
    switch (result.kind) {
      case 'marked':
        return 'marked';
      case 'failed':
        if (result.error.kind === 'unavailable') return 'again';
        if (result.error.kind !== 'unstorable' || marking.result === undefined) return result.error;
        // A result that does not fit never turns a finished effect into a failure.
        this.#parts.terms.observer.observe({ type: 'resultNotStored', coordinates: entry.received });
        marking.result = undefined;
        return 'again';
      default: {
        const looked = await this.#looks.fresh(entry);
        if (looked.kind === 'free') marking.seen = looked.seen;
        // Somebody else marked it meanwhile: that is the window of this mode, and it is done.
        const isMarked = looked.kind === 'duplicate' || looked.kind === 'mismatch';
        return isMarked ? 'marked' : 'again';
      }
    }
  }
}

const outOfTime = new StoreError('unavailable', 'setMarks: no time was left to try again');
