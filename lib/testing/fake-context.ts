import type { Clock } from '../ports/clock.ts';

export interface FakeContextOptions {
  /** Time left when the context is made; 30 s by default. */
  readonly remainingMs?: number;
  /** The clock by which that time passes; without one it does not pass. */
  readonly clock?: Clock;
  /** `kafka-consumer` by default. */
  readonly functionName?: string;
  /** A request ID of its own for every context, unless given. */
  readonly awsRequestId?: string;
}

/** What Lambda passes to a handler beside the event: assignable to `Context` of `@types/aws-lambda`. */
export interface FakeContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  getRemainingTimeInMillis(): number;
  /** Does nothing, as the next two: callbacks of runtimes long gone, which the type still asks for. */
  done(): void;
  fail(): void;
  succeed(): void;
}

let made = 0;

/** A Lambda context whose remaining time a test controls; at the deadline it is 0, never less. */
export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const { remainingMs = 30_000, clock, functionName = 'kafka-consumer' } = options;
  const madeAtMs = clock?.nowMs() ?? 0;
  made += 1;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: options.awsRequestId ?? `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '2026/01/01/[$LATEST]00000000000000000000000000000000',
    getRemainingTimeInMillis: () => Math.max(0, remainingMs - ((clock?.nowMs() ?? 0) - madeAtMs)),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
