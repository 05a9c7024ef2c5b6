import { isObject } from '../event/is-object.ts';
import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { generatedUpdate } from './generated-update.ts';
import { readEffect, readTerms } from './read-effect.ts';
import { type Given, refuseUnknown } from './refuse.ts';

/** The effect of `effects.update`: an expression of the user's own, or changes that make one. */
export function readUpdate(given: Given): Effect {
  const { update } = given;
  if (!isObject(update)) return readEffect('update', given);
  refuseUnknown(update, ['set', 'add', 'remove'], 'update.');
  const known = ['table', 'key', 'update', 'condition', 'names', 'values', 'onConditionFailed'];
  const terms = readTerms(given, known);
  return generatedUpdate(terms, given, readChanges(update, 'update.'));
}
