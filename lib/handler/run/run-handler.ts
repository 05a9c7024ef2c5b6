import type { Clock } from '../../ports/clock.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { Prepared } from './entry.ts';
import type { TimeBudget } from './time-budget.ts';

/** How a call of the user's handler ended. `unsettled`: it goes on, although it was told to stop. */
export type HandlerResult =
  | { readonly kind: 'resolved'; readonly value: unknown; readonly durationMs: number }
  | { readonly kind: 'threw'; readonly error: unknown; readonly durationMs: number; readonly startedAtMs: number }
  | { readonly kind: 'unsettled' };

/** Calls the user's handler and waits for it, but no longer than the invocation can. */
export async function runHandler(
  prepared: Prepared,
  claim: HeldClaim | undefined,
  clock: Clock,
  budget: TimeBudget,
): Promise<HandlerResult> {
  const startedAtMs = clock.nowMs();
  // A clock may be set back meanwhile.
  const durationMs = (): number => Math.max(0, clock.nowMs() - startedAtMs);
  const call = {
    idempotencyKey: prepared.idempotencyKey,
    fence: claim?.fence,
    attempts: claim?.attempts,
    signal: claim === undefined ? budget.handling : AbortSignal.any([budget.handling, claim.lost]),
  };
  const settled = prepared.handle(call).then(
    (value): HandlerResult => ({ kind: 'resolved', value, durationMs: durationMs() }),
    (error: unknown): HandlerResult => ({ kind: 'threw', error, durationMs: durationMs(), startedAtMs }),
  );
  const first = await Promise.race([settled, budget.hardStop]);
  return first === 'hardStop' ? { kind: 'unsettled' } : first;
}
