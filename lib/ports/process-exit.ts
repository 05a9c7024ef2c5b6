/**
 * Ends the process that runs the handler.
 *
 * Used for one thing only: a handler that ignores its `AbortSignal` at the deadline must not go on in a frozen and
 * thawed environment. After the call nothing of the invocation may have an effect.
 */
export interface ProcessExit {
  exit(reason: string): void;
}
