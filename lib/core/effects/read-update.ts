import { isObject } from '../event/is-object.ts';
import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { generatedUpdate } from './generated-update.ts';
import { plainForm } from './plain-form.ts';
import { readEffect, readKey, readTerms } from './read-effect.ts';
import { type Given, type Refuse, refuseUnknown } from './refuse.ts';

/** The effect of `effects.update`: an expression of the user's own, or changes that make one. */
export function readUpdate(given: Given, refuse: Refuse): Effect {
  const { update, onConditionFailed } = given;
  if (!isObject(update)) return readEffect('update', given, plainForm, onConditionFailed, refuse);
  refuseUnknown(given, ['table', 'key', 'update', 'condition', 'names', 'values', 'onConditionFailed'], '', refuse);
  refuseUnknown(update, ['set', 'add', 'remove'], 'update.', refuse);
  const terms = readTerms(given, plainForm, onConditionFailed, refuse);
  const key = readKey(given, plainForm, refuse);
  return generatedUpdate(terms, key, readChanges(update, 'update.', refuse), refuse);
}
