import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { convertMap } from './convert-members.ts';
import { fromDocument } from './from-document.ts';
import type { Placeholders } from './placeholders.ts';
import { type Given, readText, refuse } from './refuse.ts';

/** Top-level attributes and their changes. */
export interface Changes {
  readonly set: [string, AttributeValue][];
  readonly add: [string, AttributeValue][];
  readonly remove: readonly string[];
}

export function readChanges(given: Given, prefix: string): Changes {
  const entriesOf = (name: string): [string, AttributeValue][] =>
    given[name] === undefined ? [] : Object.entries(convertMap(given[name], prefix + name, fromDocument));
  const add = entriesOf('add');
  for (const [name, value] of add) {
    const fits = 'N' in value || 'SS' in value || 'NS' in value || 'BS' in value;
    if (!fits) refuse(`${prefix}add.${name}`, 'must be a number or a set');
  }
  const remove = given.remove ?? [];
  if (!Array.isArray(remove)) refuse(`${prefix}remove`, 'must be a list of names of attributes');
  return {
    set: entriesOf('set'),
    add,
    remove: remove.map((name: unknown, i) => readText(name, `${prefix}remove[${i}]`)),
  };
}

/** The UpdateExpression of changes; each attribute may stand in it once, and none that is of the key. */
export function compileChanges(changes: Changes, key: AttributeMap, placeholders: Placeholders): string {
  const taken = new Set(Object.keys(key));
  const once = (attribute: string): string => {
    if (taken.has(attribute)) refuse(attribute, 'is an attribute of the key, or is changed twice');
    taken.add(attribute);
    return placeholders.name(attribute);
  };
  const parts = {
    SET: changes.set.map(([name, value]) => `${once(name)} = ${placeholders.value(value)}`),
    ADD: changes.add.map(([name, value]) => `${once(name)} ${placeholders.value(value)}`),
    REMOVE: changes.remove.map(once),
  };
  const clauses = Object.entries(parts).filter(([, of]) => of.length > 0);
  if (clauses.length === 0) refuse('update', 'changes nothing');
  return clauses.map(([word, of]) => `${word} ${of.join(', ')}`).join(' ');
}
