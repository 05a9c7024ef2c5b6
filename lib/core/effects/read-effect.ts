import { isObject } from '../event/is-object.ts';
import type { AttributeMap } from './attribute-value.ts';
import { type Convert, convertMap } from './convert-members.ts';
import type { Effect, EffectTerms } from './effect.ts';
import { fromDocument } from './from-document.ts';
import { type Given, readText, refuse, refuseUnknown } from './refuse.ts';
import { readTable } from './table-name.ts';

const commonMembers = ['table', 'condition', 'names', 'values', 'onConditionFailed'];
/** Of each kind, beside the common ones. */
const ownMembers = { put: ['item'], update: ['key', 'update'], delete: ['key'], check: ['key'] } as const;

/** The effect of `effects.put`, `update` with an expression, `delete` and `check`. */
export function readEffect(kind: Effect['kind'], given: Given, convert: Convert = fromDocument): Effect {
  const terms = readTerms(given, [...commonMembers, ...ownMembers[kind]], convert);
  if (kind === 'put') {
    const item = convertMap(given.item, 'item', convert);
    if (Object.keys(item).length === 0) refuse('item', 'has no attributes');
    return { ...terms, kind, item };
  }
  const key = readKey(given.key, convert);
  if (kind === 'update') return { ...terms, kind, key, update: readText(given.update, 'update') };
  if (kind === 'delete') return { ...terms, kind, key };
  return { ...terms, kind, key, condition: readText(given.condition, 'condition') };
}

/** What all effects have. What is not given, or not among what is known, is left out or refused. */
export function readTerms(given: Given, known: readonly string[], convert: Convert = fromDocument): EffectTerms {
  refuseUnknown(given, known, '');
  const { condition, names, values, onConditionFailed = 'fail' } = given;
  if (onConditionFailed !== 'fail' && onConditionFailed !== 'skip' && onConditionFailed !== 'reject') {
    refuse('onConditionFailed', "must be 'fail', 'skip' or 'reject'");
  }
  return {
    table: readTable(given.table),
    condition: condition === undefined ? undefined : readText(condition, 'condition'),
    names: names === undefined ? undefined : readNames(names),
    values: values === undefined ? undefined : unlessEmpty(convertMap(values, 'values', convert)),
    onConditionFailed,
  };
}

/** One or two attributes that are strings, numbers or bytes, and not empty. */
export function readKey(given: unknown, convert: Convert = fromDocument): AttributeMap {
  const key = convertMap(given, 'key', convert);
  const attributes = Object.entries(key);
  if (attributes.length === 0 || attributes.length > 2) refuse('key', 'must hold one attribute, or two');
  for (const [name, value] of attributes) {
    const isFilled = 'N' in value || ('S' in value && value.S !== '') || ('B' in value && value.B.length > 0);
    if (!isFilled) refuse(`key.${name}`, 'must be a number, or a string or bytes that are not empty');
  }
  return key;
}

function readNames(given: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(given)) refuse('names', 'must be an object');
  const names = Object.entries(given).map(([placeholder, name]) => [
    placeholder,
    readText(name, `names.${placeholder}`),
  ]);
  return unlessEmpty(Object.fromEntries(names));
}

/** DynamoDB refuses an empty map, which means what none means. */
function unlessEmpty<Members extends object>(members: Members): Members | undefined {
  return Object.keys(members).length === 0 ? undefined : members;
}
