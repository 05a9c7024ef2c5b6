import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import type { MarkWrite } from '../../ports/commit-store.ts';
import { asSeen } from './expectation.ts';
import { markItem } from './marker-item.ts';
import { asPartiQl, insert, update } from './statements.ts';
import { ownAttributes, type Table } from './table.ts';

/** Throws a `StoreError` of kind `unstorable` for a result that has no form in DynamoDB. */
export function markStatement(table: Table, mark: MarkWrite): BatchStatementRequest {
  const { attributes } = table;
  const item = markItem(table, mark);
  if (mark.seen === undefined) {
    return insert(table, item);
  }
  const { [attributes.key]: _, ...set } = item;
  const { inProgressExpiration, data, validation } = attributes;
  const { owner, alone, source } = ownAttributes;
  const dropped = [inProgressExpiration, data, validation, owner, alone, source].filter((name) => !(name in set));
  return update(table, mark.idempotencyKey, set, dropped, asPartiQl(asSeen(attributes, mark.seen)), 'ALL_OLD');
}
