import { convertMap } from '../../../core/effects/convert-members.ts';
import { fromDocument } from '../../../core/effects/from-document.ts';
import { Refusal } from '../../../core/effects/refuse.ts';
import { InvalidEffectError } from '../refusals.ts';
import { readAttributes } from './read-attribute.ts';
import type { Item } from './value.ts';

/** Plain values of an item or a key, as `effects` take them. Throws an `InvalidEffectError` for what has no form in DynamoDB. */
export function readDocument(document: Readonly<Record<string, unknown>>): Item {
  try {
    return readAttributes(convertMap(document, 'item', fromDocument));
  } catch (error) {
    if (error instanceof Refusal) throw new InvalidEffectError(`${error.property}: ${error.message}`);
    throw error;
  }
}
