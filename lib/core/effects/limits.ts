import type { Effect } from './effect.ts';
import { refuseOver } from './refuse.ts';
import { mapBytes, textBytes, valueBytes } from './size.ts';

/** A transaction takes 100 actions, and one of them is the marker or the position. */
export const mostEffects = 99;
/** A transaction takes 4 MB; what is left out here is for a marker without a large result of the handler. */
export const largestRecordBytes: number = 4 * 1024 * 1024 - 8 * 1024;

const largestItemBytes = 400 * 1024;
const largestExpressionBytes = 4096;
const largestKeyBytes = 2048;

/**
 * Refuses what exceeds a limit of DynamoDB by itself.
 *
 * What an update makes of its item is not known here: where that is too large, DynamoDB refuses it.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html)
 */
export function checkLimits(effect: Effect): void {
  if (effect.kind === 'put') {
    refuseOver(largestItemBytes, 'item', mapBytes(effect.item), 'bytes');
  } else {
    for (const [name, value] of Object.entries(effect.key)) {
      refuseOver(largestKeyBytes, `key.${name}`, valueBytes(value), 'bytes');
    }
  }
  if (effect.kind === 'update') refuseOver(largestExpressionBytes, 'update', textBytes(effect.update), 'bytes');
  refuseOver(largestExpressionBytes, 'condition', textBytes(effect.condition), 'bytes');
  for (const [name, value] of Object.entries(effect.values ?? {})) {
    refuseOver(largestItemBytes, name, valueBytes(value), 'bytes');
  }
}
