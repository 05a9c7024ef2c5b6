import { readChanges } from './attribute-changes.ts';
import type { Effect } from './effect.ts';
import { fromDocument } from './from-document.ts';
import { generatedUpdate } from './generated-update.ts';
import { readTerms } from './read-effect.ts';
import { type Given, readText, refuse } from './refuse.ts';

/** The effect of `effects.updateIfVersion`: changes that hold only for the version that was read, and raise it. */
export function readVersionedUpdate(given: Given): Effect {
  const known = ['table', 'key', 'version', 'versionAttribute', 'set', 'add', 'remove', 'onConditionFailed'];
  const { version, versionAttribute = 'version' } = given;
  const terms = readTerms(given, known);
  const attribute = readText(versionAttribute, 'versionAttribute');
  if (version !== undefined && !Number.isSafeInteger(version)) refuse('version', 'must be a whole number');
  // Beyond 2^53 - 1 the next version is refused by the conversion.
  const next = fromDocument(Number(version ?? 0) + 1, 'version');

  const { set, add, remove } = readChanges(given, '');
  return generatedUpdate(terms, given, { set: [...set, [attribute, next]], add, remove }, (placeholders) => {
    const name = placeholders.name(attribute);
    return version === undefined
      ? `attribute_not_exists(${name})`
      : `${name} = ${placeholders.value(fromDocument(version, 'version'))}`;
  });
}
