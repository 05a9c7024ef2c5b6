import { isObject } from '../event/is-object.ts';
import type { Convert } from './convert-members.ts';
import type { Effect } from './effect.ts';
import { readEffect } from './read-effect.ts';
import { type Given, type Refuse, refuseUnknown } from './refuse.ts';

const kinds = { Put: 'put', Update: 'update', Delete: 'delete', ConditionCheck: 'check' } as const;

export const actionNames: readonly string[] = Object.keys(kinds);

/** The effect of a `TransactWriteItem`, with attribute values or plain ones. */
export function readAction(action: Given, convert: Convert, terms: unknown, refuse: Refuse): Effect {
  refuseUnknown(action, actionNames, '', refuse);
  const actions = Object.entries(kinds).filter(([name]) => action[name] !== undefined);
  const [name, kind] = actions[0] ?? [];
  const given = name === undefined ? undefined : action[name];
  if (actions.length !== 1 || kind === undefined || !isObject(given)) {
    throw refuse('', `must hold exactly one of ${actionNames.join(', ')}`);
  }
  const form = {
    prefix: `${name}.`,
    table: 'TableName',
    item: 'Item',
    key: 'Key',
    update: 'UpdateExpression',
    condition: 'ConditionExpression',
    names: 'ExpressionAttributeNames',
    values: 'ExpressionAttributeValues',
    // Old items are neither needed nor asked for: a policy may forbid to return them.
    other: 'ReturnValuesOnConditionCheckFailure',
    convert,
  };
  const options = terms === undefined ? {} : terms;
  if (!isObject(options)) throw refuse('', 'takes an object of options');
  refuseUnknown(options, ['onConditionFailed'], '', refuse);
  return readEffect(kind, given, form, options.onConditionFailed, refuse);
}
