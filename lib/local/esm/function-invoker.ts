import type { InvocationResult } from '../../core/esm/answer.ts';

/**
 * A Lambda function as the event source mapping calls it: synchronously, one event an invocation.
 *
 * `invoke` resolves also when the function fails; it rejects never. `payload` is the event as JSON text, at most 6 MB.
 */
export interface FunctionInvoker {
  /** The function's time-out in whole seconds; a Kafka event source mapping takes at most 840. */
  readonly timeoutSeconds: number;
  invoke(payload: string): Promise<InvocationResult>;
}
