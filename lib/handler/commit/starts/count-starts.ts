import type { Unit } from '../../run/entry.ts';
import type { SharedParts } from '../../run/shared-parts.ts';
import type { Calls } from '../calls/calls.ts';
import { CountedCalls } from './counted-calls.ts';
import { type InFlightKeyOf, Starts } from './starts.ts';

/** The option of a mode that has crashes counted. */
export interface StartsOptions {
  /** Undefined: starts are not counted. */
  readonly inFlightKeyOf: InFlightKeyOf | undefined;
}

/** Has the starts of these calls counted, if that is asked for. `mostAhead`: records of a unit on their way, as without it. */
export function countStarts(
  units: readonly Unit[],
  { terms }: SharedParts,
  { inFlightKeyOf: keyOf }: StartsOptions,
  mostAhead: number,
  calls: Calls,
): { readonly calls: Calls; readonly starts: Starts | undefined } {
  if (keyOf === undefined) return { calls, starts: undefined };
  const starts = new Starts(units, { terms, keyOf, mostInFlight: mostAhead - 1 + calls.most });
  return { calls: new CountedCalls(calls, starts), starts };
}
