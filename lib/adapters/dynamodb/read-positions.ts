import type { ReadPositionResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { toPosition } from './position-item.ts';
import { readItems } from './read-items.ts';
import type { TableRequest } from './table-request.ts';

/** Reads positions consistently: one result a key, in order. */
export function readPositions(
  request: TableRequest,
  positionKeys: readonly string[],
): Promise<readonly ReadPositionResult[]> {
  const { tableName, operation } = request.attempt;
  return readItems(request, positionKeys, (item, key): ReadPositionResult => {
    if (item === undefined) {
      return { kind: 'read', position: undefined };
    }
    const position = toPosition(item);
    const message = `DynamoDB table "${tableName}": ${operation} failed: the item "${key}" is no position: somebody else wrote it.`;
    return position === undefined
      ? { kind: 'failed', error: new StoreError('configuration', message) }
      : { kind: 'read', position };
  });
}
