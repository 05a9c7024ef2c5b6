import type { Effects } from '../../core/effects/effects.ts';

/** What the engine gives a prepared record's handler. */
export interface HandlerCall {
  readonly idempotencyKey: string;
  /** Undefined only when the record is handled unprotected. */
  readonly fence: number | undefined;
  readonly attempts: number | undefined;
  readonly signal: AbortSignal;
  /** Only in the modes that commit effects. */
  readonly effects?: Effects | undefined;
}
