import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { fromDocument } from './from-document.ts';
import { generatedUpdate } from './generated-update.ts';
import { readTerms } from './read-effect.ts';
import { type Given, readText, refuse } from './refuse.ts';

/** The effect of `effects.transition`: an attribute becomes `to` only where it is (one of) `from`, undefined being absent. */
export function readTransition(given: Given): Effect {
  const known = ['table', 'key', 'attribute', 'from', 'to', 'set', 'onConditionFailed'];
  const terms = readTerms(given, known);
  const attribute = readText(given.attribute, 'attribute');
  const { set } = readChanges({ set: given.set }, '');
  const to = fromDocument(given.to, 'to');

  const from: readonly unknown[] = Array.isArray(given.from) ? given.from : [given.from];
  if (from.length === 0) refuse('from', 'must hold one state at least');
  const states = from.filter((state) => state !== undefined).map((state) => fromDocument(state, 'from'));
  const changes = { set: [...set, [attribute, to] satisfies [string, typeof to]], add: [], remove: [] };
  return generatedUpdate(terms, given, changes, (placeholders) => {
    const name = placeholders.name(attribute);
    const absent = states.length < from.length ? [`attribute_not_exists(${name})`] : [];
    const equal = states.map((state) => `${name} = ${placeholders.value(state)}`);
    return [...absent, ...equal].join(' OR ');
  });
}
