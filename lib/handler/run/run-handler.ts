import type { Effects } from '../../core/effects/effects.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Prepared } from './entry.ts';
import type { TimeBudget } from './time-budget.ts';

/** How a call of the user's handler ended. `unsettled`: it goes on, although it was told to stop. */
export type HandlerResult =
  | { readonly kind: 'resolved'; readonly value: unknown; readonly durationMs: number }
  | {
      readonly kind: 'threw';
      readonly error: unknown;
      readonly durationMs: number;
      readonly startedAtMs: number;
      /** It may be the fault of others that were handled with it: an attempt, but never the one that uses them up. */
      readonly hadCompany?: boolean;
    }
  | { readonly kind: 'unsettled' };

/** What a handler is started with, by mode. */
export interface HandlerStart {
  readonly fence?: number | undefined;
  readonly attempts?: number | undefined;
  /** Aborted when the claim is lost. */
  readonly lost?: AbortSignal;
  readonly effects?: Effects;
}

/** Calls the user's handler and waits for it, but no longer than the invocation can. */
export async function runHandler(
  prepared: Prepared,
  { fence, attempts, lost, effects }: HandlerStart,
  clock: Clock,
  budget: TimeBudget,
): Promise<HandlerResult> {
  const call = {
    idempotencyKey: prepared.idempotencyKey,
    fence,
    attempts,
    effects,
    signal: lost === undefined ? budget.handling : AbortSignal.any([budget.handling, lost]),
  };
  return await settleCall((given) => prepared.handle(given), call, clock, budget);
}

/** Calls the user's code and waits for it, but no longer than the invocation can. */
export async function settleCall<Call extends { readonly signal: AbortSignal }>(
  handle: (call: Call) => Promise<unknown>,
  call: Call,
  clock: Clock,
  budget: TimeBudget,
): Promise<HandlerResult> {
  const startedAtMs = clock.nowMs();
  // A clock may be set back meanwhile.
  const durationMs = (): number => Math.max(0, clock.nowMs() - startedAtMs);
  const settled = handle(call).then(
    (value): HandlerResult => ({ kind: 'resolved', value, durationMs: durationMs() }),
    (error: unknown): HandlerResult => ({ kind: 'threw', error, durationMs: durationMs(), startedAtMs }),
  );
  const first = await Promise.race([settled, budget.hardStop]);
  return first === 'hardStop' ? { kind: 'unsettled' } : first;
}
