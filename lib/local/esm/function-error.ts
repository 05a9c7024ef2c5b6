import type { InvocationResult } from '../../core/esm/answer.ts';
import { isObject } from '../../core/event/is-object.ts';

/**
 * Reads the payload of an answer that has `FunctionError` set. Lambda writes `errorType` and `errorMessage` into it; a
 * runtime of one's own may write anything.
 */
export function functionErrorOf(payload: string): InvocationResult {
  const error = parsed(payload);
  const { errorType, errorMessage }: Record<string, unknown> = isObject(error) ? error : {};
  return {
    kind: 'functionError',
    errorType: typeof errorType === 'string' ? errorType : 'Unhandled',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : payload,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
