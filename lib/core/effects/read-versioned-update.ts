import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { fromDocument } from './from-document.ts';
import { generatedUpdate } from './generated-update.ts';
import { plainForm } from './plain-form.ts';
import { readKey, readTerms } from './read-effect.ts';
import { type Given, type Refuse, readText, refuseUnknown } from './refuse.ts';

/** The effect of `effects.updateIfVersion`: changes that hold only for the version that was read, and raise it. */
export function readVersionedUpdate(given: Given, refuse: Refuse): Effect {
  const known = ['table', 'key', 'version', 'versionAttribute', 'set', 'add', 'remove', 'onConditionFailed'];
  refuseUnknown(given, known, '', refuse);
  const { version, versionAttribute = 'version' } = given;
  const terms = readTerms({ table: given.table }, plainForm, given.onConditionFailed, refuse);
  const key = readKey(given, plainForm, refuse);
  const attribute = readText(versionAttribute, 'versionAttribute', refuse);
  if (version !== undefined && !Number.isSafeInteger(version)) throw refuse('version', 'must be a whole number');
  // Beyond 2^53 - 1 the next version is refused by the conversion.
  const next = fromDocument(Number(version ?? 0) + 1, 'version', refuse);

  const { set, add, remove } = readChanges(given, '', refuse);
  return generatedUpdate(terms, key, { set: [...set, [attribute, next]], add, remove }, refuse, (placeholders) => {
    const name = placeholders.name(attribute);
    return version === undefined
      ? `attribute_not_exists(${name})`
      : `${name} = ${placeholders.value(fromDocument(version, 'version', refuse))}`;
  });
}
