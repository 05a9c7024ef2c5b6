import type { EffectRecorder } from '../../../core/effects/effect-recorder.ts';
import type { Entry, Prepared } from '../../run/entry.ts';
import type { Expectation } from '../expectation.ts';
import type { Again, Started } from './started.ts';

/** A record whose handler may be called. */
export interface Ready {
  readonly entry: Entry;
  readonly prepared: Prepared;
  /** Undefined where nobody knows. */
  readonly attempts: number | undefined;
}

/** Makes what records the effects of a record in one call of the handler. */
export type NewRecorder = (entry: Entry) => EffectRecorder;

/** Consecutive records of one unit that are handled by one call. */
export interface Run {
  /** Whether it may take another record. */
  readonly isOpen: boolean;
  /** Takes the next record, to be called with `most` at most; false (never for the first): it needs a run of its own. */
  add(ready: Ready, most: number): Promise<boolean>;
  /** How each of its records ended, in order. */
  ended(): Promise<readonly (Started | Again)[]>;
}

/** Calls the user's function for records that are not claimed: for each one, or for many together. */
export interface Calls {
  /** Records of a call at most. */
  readonly most: number;
  /** The units that may soon have a record to be handled. */
  readonly expectation: Expectation;
  begin(): Run;
}
