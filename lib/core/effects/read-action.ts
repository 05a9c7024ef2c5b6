import { isObject } from '../event/is-object.ts';
import type { Convert } from './convert-members.ts';
import type { Effect } from './effect.ts';
import { readEffect } from './read-effect.ts';
import { type Given, Refusal, refuse, refuseUnknown } from './refuse.ts';

const kinds = { Put: 'put', Update: 'update', Delete: 'delete', ConditionCheck: 'check' } as const;
export const actionNames: readonly string[] = Object.keys(kinds);

/** DynamoDB's names of the members of an effect. */
const members: Readonly<Record<string, string>> = {
  table: 'TableName',
  item: 'Item',
  key: 'Key',
  update: 'UpdateExpression',
  condition: 'ConditionExpression',
  names: 'ExpressionAttributeNames',
  values: 'ExpressionAttributeValues',
};
/** Ignored: old items are not needed, and a policy may forbid to return them. */
const ignored = 'ReturnValuesOnConditionCheckFailure';

/** The effect of a `TransactWriteItem`, with attribute values or plain ones. */
export function readAction(action: Given, terms: unknown, convert: Convert): Effect {
  refuseUnknown(action, actionNames, '');
  const [found, ...more] = Object.entries(kinds).filter(([name]) => action[name] !== undefined);
  const given = found === undefined ? undefined : action[found[0]];
  if (found === undefined || more.length > 0 || !isObject(given)) {
    refuse('', `must hold exactly one of ${actionNames.join(', ')}`);
  }
  if (terms !== undefined && !isObject(terms)) refuse('', 'options must be an object');
  const [name, kind] = found;
  refuseUnknown(given, [...Object.values(members), ignored], `${name}.`);
  const plain: Record<string, unknown> = { ...terms };
  for (const [member, theirs] of Object.entries(members)) plain[member] = given[theirs];
  try {
    return readEffect(kind, plain, convert);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The path of what the handler gave.
    const path = error.property.replace(/^\w+/, (first) => (first in members ? `${name}.${members[first]}` : first));
    throw new Refusal(path, error.message, error.isLimit);
  }
}
