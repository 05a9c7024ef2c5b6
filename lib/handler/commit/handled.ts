import type { Marker } from '../../core/claim/marker.ts';
import type { Effect } from '../../core/effects/effect.ts';
import type { Entry, Prepared } from '../run/entry.ts';

/** A record whose handler resolved. */
export interface Handled {
  readonly entry: Entry;
  readonly prepared: Prepared;
  /** The marker that its own will replace. */
  readonly seen: Marker | undefined;
  readonly attempts: number;
  readonly effects: readonly Effect[];
  /** What the handler returned. */
  readonly result: unknown;
  readonly startedAtMs: number;
  readonly durationMs: number;
}
