import { isObject } from '../event/is-object.ts';
import type { AttributeMap } from './attribute-value.ts';
import { type Convert, convertMap } from './convert-members.ts';
import type { Effect, EffectTerms, OnConditionFailed } from './effect.ts';
import { type Given, type Refuse, readText, refuseUnknown } from './refuse.ts';

/** How an effect is written down: the names of its members, what stands before them in a path, and the form of its values. */
export interface Form {
  readonly prefix: string;
  readonly table: string;
  readonly item: string;
  readonly key: string;
  readonly update: string;
  readonly condition: string;
  readonly names: string;
  readonly values: string;
  /** A member that means nothing here, or is read elsewhere. */
  readonly other: string;
  readonly convert: Convert;
}

/** What all effects have. */
export function readTerms(given: Given, form: Form, onConditionFailed: unknown, refuse: Refuse): EffectTerms {
  return {
    table: readText(given[form.table], form.prefix + form.table, refuse),
    condition:
      given[form.condition] === undefined
        ? undefined
        : readText(given[form.condition], form.prefix + form.condition, refuse),
    names: readNames(given[form.names], form.prefix + form.names, refuse),
    values: readValues(given[form.values], form, refuse),
    onConditionFailed: readOnConditionFailed(onConditionFailed, refuse),
  };
}

/** One or two attributes that are strings, numbers or bytes, and not empty. */
export function readKey(given: Given, form: Form, refuse: Refuse): AttributeMap {
  const property = form.prefix + form.key;
  const key = convertMap(given[form.key], property, refuse, form.convert);
  const attributes = Object.entries(key);
  if (attributes.length === 0 || attributes.length > 2) throw refuse(property, 'must hold one attribute, or two');
  for (const [name, value] of attributes) {
    const filled = 'N' in value || ('S' in value && value.S !== '') || ('B' in value && value.B.length > 0);
    if (!filled) throw refuse(`${property}.${name}`, 'must be a number, or a string or bytes that are not empty');
  }
  return key;
}

export function readEffect(
  kind: Effect['kind'],
  given: Given,
  form: Form,
  onConditionFailed: unknown,
  refuse: Refuse,
): Effect {
  const { prefix, item, update, condition } = form;
  refuseUnknown(
    given,
    [
      form.table,
      kind === 'put' ? item : form.key,
      ...(kind === 'update' ? [update] : []),
      condition,
      form.names,
      form.values,
      form.other,
    ],
    prefix,
    refuse,
  );
  const terms = readTerms(given, form, onConditionFailed, refuse);
  if (kind === 'put') {
    const attributes = convertMap(given[item], prefix + item, refuse, form.convert);
    if (Object.keys(attributes).length === 0) throw refuse(prefix + item, 'has no attributes');
    return { ...terms, kind, item: attributes };
  }
  const key = readKey(given, form, refuse);
  if (kind === 'delete') return { ...terms, kind, key };
  return kind === 'update'
    ? { ...terms, kind, key, update: readText(given[update], prefix + update, refuse) }
    : { ...terms, kind, key, condition: readText(given[condition], prefix + condition, refuse) };
}

/** DynamoDB refuses an empty map; it means what none means. */
function readNames(given: unknown, property: string, refuse: Refuse): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given)) throw refuse(property, 'must be an object');
  const names = Object.entries(given).map(([placeholder, name]): [string, string] => {
    refuseMalformed(placeholder, /^#\w+$/, property, refuse);
    return [placeholder, readText(name, `${property}.${placeholder}`, refuse)];
  });
  return names.length === 0 ? undefined : Object.fromEntries(names);
}

function readValues(given: unknown, form: Form, refuse: Refuse): AttributeMap | undefined {
  if (given === undefined) return undefined;
  const property = form.prefix + form.values;
  const values = convertMap(given, property, refuse, form.convert);
  const placeholders = Object.keys(values);
  for (const placeholder of placeholders) refuseMalformed(placeholder, /^:\w+$/, property, refuse);
  return placeholders.length === 0 ? undefined : values;
}

function refuseMalformed(placeholder: string, form: RegExp, property: string, refuse: Refuse): void {
  if (!form.test(placeholder)) {
    throw refuse(`${property}.${placeholder}`, 'must be named # (names) or : (values) and then letters, digits or _');
  }
}

function readOnConditionFailed(given: unknown = 'fail', refuse: Refuse): OnConditionFailed {
  if (given === 'fail' || given === 'skip' || given === 'reject') return given;
  throw refuse('onConditionFailed', "must be 'fail', 'skip' or 'reject'");
}
