/** The moments (epoch ms) that divide what is left of an invocation; all Infinity when its end is unknown. */
export interface BudgetPlan {
  /** After this no record is started. */
  readonly startByMs: number;
  /** At this the handlers' `AbortSignal` fires. */
  readonly abortAtMs: number;
  /** After this no dead letter is waited for: what is left is for its claim to be released. */
  readonly sendByMs: number;
  /** At this an unsettled handler ends the process; what is left is for the answer. */
  readonly hardStopAtMs: number;
  /** At this Lambda ends the invocation. */
  readonly deadlineMs: number;
}

const minReserveMs = 500;
const maxReserveMs = 10_000;

/**
 * Divides the time that is left: a tenth of it, but 0.5 to 10 s, is the reserve. Nothing starts within the reserve; half
 * of it is for running handlers to finish, a quarter for those that were told to stop, whose dead letters have half of
 * that, a quarter for the answer.
 */
export function planBudget(nowMs: number, remainingMs: number | undefined): BudgetPlan {
  if (remainingMs === undefined) {
    const never = Number.POSITIVE_INFINITY;
    return { startByMs: never, abortAtMs: never, sendByMs: never, hardStopAtMs: never, deadlineMs: never };
  }
  const reserveMs = Math.min(maxReserveMs, Math.max(minReserveMs, remainingMs / 10));
  const deadlineMs = nowMs + remainingMs;
  return {
    startByMs: deadlineMs - reserveMs,
    abortAtMs: deadlineMs - reserveMs / 2,
    sendByMs: deadlineMs - (reserveMs * 3) / 8,
    hardStopAtMs: deadlineMs - reserveMs / 4,
    deadlineMs,
  };
}
