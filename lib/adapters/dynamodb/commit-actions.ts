import type { Put, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Effect } from '../../core/effects/effect.ts';
import type { MarkWrite, PositionWrite } from '../../ports/commit-store.ts';
import { asSeen, type Expectation } from './expectation.ts';
import { type Item, markItem } from './marker-item.ts';
import { asExpected, positionItem } from './position-item.ts';
import type { Table } from './table.ts';

/** Throws a `StoreError` of kind `unstorable` for a result that has no form in DynamoDB. */
export function markAction(table: Table, mark: MarkWrite): TransactWriteItem {
  return putIf(table, markItem(table, mark), mark.seen && asSeen(table.attributes, mark.seen));
}

export function positionAction(table: Table, position: PositionWrite): TransactWriteItem {
  return putIf(table, positionItem(table, position), position.expected && asExpected(position.expected));
}

export function effectAction(effect: Effect): TransactWriteItem {
  const terms = {
    TableName: effect.table,
    ConditionExpression: effect.condition,
    ExpressionAttributeNames: effect.names,
    ExpressionAttributeValues: effect.values,
  };
  switch (effect.kind) {
    case 'put':
      return { Put: { ...terms, Item: effect.item } };
    case 'update':
      return { Update: { ...terms, Key: effect.key, UpdateExpression: effect.update } };
    case 'delete':
      return { Delete: { ...terms, Key: effect.key } };
    case 'check':
      return { ConditionCheck: { ...terms, Key: effect.key, ConditionExpression: effect.condition } };
  }
}

/** A put over what is expected there; undefined: over nothing at all. */
function putIf(
  { name, attributes }: Table,
  item: Item,
  expected: readonly Expectation[] = [{ name: attributes.key, value: undefined }],
): TransactWriteItem {
  return { Put: { TableName: name, Item: item, ...conditionOf(expected) } };
}

function conditionOf(
  expected: readonly Expectation[],
): Pick<Put, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  const values: Item = {};
  const terms = expected.map(({ value, orAbsent }, index) => {
    const absent = `attribute_not_exists(#n${index})`;
    if (value === undefined) {
      return absent;
    }
    values[`:v${index}`] = value;
    const equal = `#n${index} = :v${index}`;
    return orAbsent ? `(${absent} OR ${equal})` : equal;
  });
  return {
    ConditionExpression: terms.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(expected.map(({ name }, index) => [`#n${index}`, name])),
    // An empty map is refused.
    ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
  };
}
