/** What the parent process tells an execution environment. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  /** Epoch milliseconds at which the invocation is killed. */
  readonly deadlineMs: number;
}

/** What an execution environment tells its parent process. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | {
      readonly kind: 'initFailed' | 'failed';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: string;
    };

export function isInvokeMessage(value: unknown): value is InvokeMessage {
  return (
    isObject(value) &&
    typeof value.requestId === 'string' &&
    typeof value.payload === 'string' &&
    typeof value.deadlineMs === 'number'
  );
}

export function isRuntimeMessage(value: unknown): value is RuntimeMessage {
  if (!isObject(value)) {
    return false;
  }
  switch (value.kind) {
    case 'ready':
      return true;
    case 'returned':
      return typeof value.payload === 'string';
    case 'initFailed':
    case 'failed':
      return [value.errorType, value.errorMessage, value.stackTrace].every((text) => typeof text === 'string');
    default:
      return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
