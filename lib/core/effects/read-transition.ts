import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { fromDocument } from './from-document.ts';
import { generatedUpdate } from './generated-update.ts';
import { plainForm } from './plain-form.ts';
import { readKey, readTerms } from './read-effect.ts';
import { type Given, type Refuse, readText, refuseUnknown } from './refuse.ts';

/** The effect of `effects.transition`: an attribute becomes `to` only where it is (one of) `from`, undefined being absent. */
export function readTransition(given: Given, refuse: Refuse): Effect {
  refuseUnknown(given, ['table', 'key', 'attribute', 'from', 'to', 'set', 'onConditionFailed'], '', refuse);
  const terms = readTerms({ table: given.table }, plainForm, given.onConditionFailed, refuse);
  const key = readKey(given, plainForm, refuse);
  const attribute = readText(given.attribute, 'attribute', refuse);
  const { set } = readChanges({ set: given.set }, '', refuse);
  const to = fromDocument(given.to, 'to', refuse);

  const from: readonly unknown[] = Array.isArray(given.from) ? given.from : [given.from];
  if (from.length === 0) throw refuse('from', 'must hold one state at least');
  const states = from.filter((state) => state !== undefined).map((state) => fromDocument(state, 'from', refuse));
  const changes = { set: [...set, [attribute, to] satisfies [string, typeof to]], add: [], remove: [] };
  return generatedUpdate(terms, key, changes, refuse, (placeholders) => {
    const name = placeholders.name(attribute);
    const absent = states.length < from.length ? [`attribute_not_exists(${name})`] : [];
    const equal = states.map((state) => `${name} = ${placeholders.value(state)}`);
    return [...absent, ...equal].join(' OR ');
  });
}
