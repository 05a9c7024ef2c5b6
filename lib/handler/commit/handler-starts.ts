import type { Effect } from '../../core/effects/effect.ts';
import type { EffectRecorder } from '../../core/effects/effect-recorder.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Entry, Prepared } from '../run/entry.ts';
import { type HandlerResult, runHandler } from '../run/run-handler.ts';
import type { SharedParts } from '../run/shared-parts.ts';

/** Makes what records the effects of one call of the handler. */
export type NewRecorder = (entry: Entry) => EffectRecorder;

/** How a handler ended, or why it was not started. */
export type Started =
  | (HandlerResult & { readonly kind: 'threw' | 'unsettled' })
  | (HandlerResult & { readonly kind: 'resolved' } & {
      readonly effects: readonly Effect[];
      readonly startedAtMs: number;
    })
  | { readonly kind: 'stopped' | 'notAttempted' | 'keyHeld' }
  | { readonly kind: 'keyUnread'; readonly error: StoreError };

/** Calls the handler for records that are not claimed. */
export class HandlerStarts {
  readonly #parts: SharedParts;
  readonly #newRecorder: NewRecorder | undefined;

  constructor(parts: SharedParts, newRecorder: NewRecorder | undefined) {
    this.#parts = parts;
    this.#newRecorder = newRecorder;
  }

  async start(entry: Entry, prepared: Prepared, attempts: number | undefined): Promise<Started> {
    const { slots, terms, holds, pace } = this.#parts;
    const unread = await holds.look(prepared);
    if (unread !== undefined) return { kind: 'keyUnread', error: unread };
    await slots.take();
    try {
      if (entry.unit.stopped) return { kind: 'stopped' };
      if (!terms.budget.mayStart()) return { kind: 'notAttempted' };
      if (holds.isHeld(prepared)) return { kind: 'keyHeld' };
      entry.started = true;
      const recorder = this.#newRecorder?.(entry);
      const startedAtMs = terms.clock.nowMs();
      const call = recorder === undefined ? { attempts } : { attempts, effects: recorder.effects };
      const result = await runHandler(prepared, call, terms.clock, terms.budget);
      const effects = recorder?.close() ?? [];
      if (result.kind !== 'resolved') return result;
      pace.note(result.durationMs);
      return { ...result, effects, startedAtMs };
    } finally {
      slots.giveBack();
    }
  }
}
