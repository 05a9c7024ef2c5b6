/** The outcomes that acknowledge a record. */
export const doneOutcomes = ['handled', 'duplicate', 'deadLettered'] as const;

/** The outcomes that make Lambda deliver a record again. */
export const undoneOutcomes = ['failed', 'busy', 'heldBack', 'notAttempted'] as const;

export type DoneOutcome = (typeof doneOutcomes)[number];
export type UndoneOutcome = (typeof undoneOutcomes)[number];

/**
 * What became of a record; each record of an invocation ends in exactly one.
 *
 * - `handled`: the handler resolved and its completion is confirmed.
 * - `duplicate`: a completed marker proves an earlier effect.
 * - `deadLettered`: stored durably by the dead-letter sink.
 * - `failed`: the handler or a part it needs failed; it is to be tried again.
 * - `busy`: another live owner holds its claim.
 * - `heldBack`: something before it in its ordering unit is not done.
 * - `notAttempted`: no time was left to start it.
 */
export type Outcome = DoneOutcome | UndoneOutcome;

export function isDone(outcome: Outcome): outcome is DoneOutcome {
  return outcome === 'handled' || outcome === 'duplicate' || outcome === 'deadLettered';
}
