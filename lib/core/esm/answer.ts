/** What came of an invocation. */
export type InvocationResult =
  /** The function returned; `payload` is its result as JSON text. */
  | { readonly kind: 'returned'; readonly payload: string }
  /** The function threw, timed out or its process ended. `errorType` is Lambda's, for example `Runtime.ExitError`. */
  | { readonly kind: 'functionError'; readonly errorType: string; readonly errorMessage: string }
  /** Throttled, or a fault of the service: the function never saw the event, so it counts as no try. */
  | { readonly kind: 'notInvoked'; readonly reason: string };

/**
 * What an answer means for the batch.
 *
 * - `done`: all of it is done.
 * - `partial`: the offsets named as failed, by `<topic>-<partition>`.
 * - `failed`: all of it is retried. `because` says in a word why, `detail` in a sentence.
 * - `notInvoked`: all of it is delivered again, and that is no retry.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'partial'; readonly failures: ReadonlyMap<string, ReadonlySet<number>> }
  | {
      readonly kind: 'failed';
      readonly because: 'functionError' | 'malformedAnswer' | 'unknownIdentifier';
      readonly detail: string;
    }
  | { readonly kind: 'notInvoked'; readonly reason: string };

/**
 * Judges the result of an invocation whose event held the offsets `delivered` by `<topic>-<partition>`.
 *
 * Without partial responses an answer is not read: whatever the function returns is success. With them, `null`, `{}` and
 * an empty or null list are success; an identifier that the event did not hold, and an answer of any other shape, make
 * the whole batch fail. AWS documents the first of these two; for the second, where it is silent, the safe reading.
 *
 * Source: developer guide, "Configure error handling controls for Kafka event sources".
 */
export function judge(
  result: InvocationResult,
  delivered: ReadonlyMap<string, ReadonlySet<number>>,
  settings: { readonly reportsBatchItemFailures: boolean },
): Verdict {
  if (result.kind === 'notInvoked') {
    return result;
  }
  if (result.kind === 'functionError') {
    return { kind: 'failed', because: 'functionError', detail: result.errorType };
  }
  return settings.reportsBatchItemFailures ? judgeAnswer(parsed(result.payload), delivered) : { kind: 'done' };
}

function judgeAnswer(answer: unknown, delivered: ReadonlyMap<string, ReadonlySet<number>>): Verdict {
  if (answer === null) {
    return { kind: 'done' };
  }
  if (!isObject(answer)) {
    return malformed(`the answer is ${kindOf(answer)}; return null or { batchItemFailures: [] } for success`);
  }
  const list = answer.batchItemFailures;
  if (list === null || Object.keys(answer).length === 0) {
    return { kind: 'done' };
  }
  if (!Array.isArray(list)) {
    return malformed(`batchItemFailures is ${kindOf(list)}; it must be a list`);
  }
  const failures = new Map<string, Set<number>>();
  for (const [index, item] of list.entries()) {
    const named = identifier(item, `batchItemFailures[${index}]`);
    if ('kind' in named) {
      return named;
    }
    const { partition, offset } = named;
    if (delivered.get(partition)?.has(offset) !== true) {
      const detail = `batchItemFailures[${index}] names a record (offset ${offset}) that was not in the event`;
      return { kind: 'failed', because: 'unknownIdentifier', detail };
    }
    const offsets = failures.get(partition) ?? new Set();
    failures.set(partition, offsets.add(offset));
  }
  return failures.size === 0 ? { kind: 'done' } : { kind: 'partial', failures };
}

function identifier(item: unknown, at: string): { readonly partition: string; readonly offset: number } | Verdict {
  const itemIdentifier = isObject(item) ? item.itemIdentifier : undefined;
  if (!isObject(itemIdentifier)) {
    return malformed(`${at}.itemIdentifier is ${kindOf(itemIdentifier)}; it must be { partition, offset }`);
  }
  const { partition, offset } = itemIdentifier;
  if (typeof partition !== 'string') {
    return malformed(
      `${at}.itemIdentifier.partition is ${kindOf(partition)}; it must be the string '<topic>-<partition>'`,
    );
  }
  if (typeof offset !== 'number') {
    return malformed(`${at}.itemIdentifier.offset is ${kindOf(offset)}; it must be a number`);
  }
  return { partition, offset };
}

function malformed(detail: string): Verdict {
  return { kind: 'failed', because: 'malformedAnswer', detail };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) {
    return 'absent';
  }
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
