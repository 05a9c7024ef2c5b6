/** What the toolkit reads of Lambda's context; `Context` of `@types/aws-lambda` satisfies it. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
  readonly functionName?: string;
}

/**
 * The time that is left, in ms; undefined where nobody can tell: then there is no time budget and leases have their full
 * length. An answer that is no number, or none because the context throws, counts as no time at all.
 */
export function remainingMs(context: unknown): number | undefined {
  if (!isLambdaContext(context)) return undefined;
  try {
    const remaining = context.getRemainingTimeInMillis();
    return Number.isFinite(remaining) ? Math.max(0, remaining) : 0;
  } catch {
    return 0;
  }
}

export function isLambdaContext(context: unknown): context is LambdaContext {
  return (
    typeof context === 'object' &&
    context !== null &&
    'getRemainingTimeInMillis' in context &&
    typeof context.getRemainingTimeInMillis === 'function'
  );
}
