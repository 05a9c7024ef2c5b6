import type { Effect } from './effect.ts';
import { mapBytes, textBytes, valueBytes } from './size.ts';

/** A transaction takes 100 actions, and one of them is the marker or the position. */
export const mostEffects = 99;
/** A transaction takes 4 MB; what is left out here is for a marker without a large result of the handler. */
export const largestRecordBytes: number = 4 * 1024 * 1024 - 8 * 1024;

const largestItemBytes = 400 * 1024;
const largestExpressionBytes = 4096;
const largestKeyBytes = 2048;

/** What is too large, as a path, and why. */
export interface LimitProblem {
  readonly property: string;
  readonly problem: string;
}

/**
 * Which of DynamoDB's limits an effect exceeds by itself; undefined if it does none.
 *
 * An update's outcome is not known here: one that makes a stored item too large is refused by DynamoDB.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html)
 */
export function limitsProblem(effect: Effect): LimitProblem | undefined {
  const over = (property: string, bytes: number, limit: number): LimitProblem[] =>
    bytes > limit ? [{ property, problem: `has ${bytes} bytes, and DynamoDB takes ${limit}` }] : [];
  return [
    ...(effect.kind === 'put'
      ? over('item', mapBytes(effect.item), largestItemBytes)
      : Object.entries(effect.key).flatMap(([name, value]) => over(`key.${name}`, valueBytes(value), largestKeyBytes))),
    ...over('update', textBytes(effect.kind === 'update' ? effect.update : undefined), largestExpressionBytes),
    ...over('condition', textBytes(effect.condition), largestExpressionBytes),
    ...Object.entries(effect.values ?? {}).flatMap(([name, value]) => over(name, valueBytes(value), largestItemBytes)),
  ][0];
}
