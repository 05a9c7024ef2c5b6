import { isObject } from '../event/is-object.ts';
import { attributeSet } from './attribute-set.ts';
import type { AttributeValue } from './attribute-value.ts';
import { convertList, convertMap } from './convert-members.ts';
import { decimalOf } from './decimal.ts';
import { fromDocument } from './from-document.ts';
import { refuse } from './refuse.ts';

/** The types of https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html that sets hold. */
const memberTypes: Readonly<Record<string, string>> = { SS: 'S', NS: 'N', BS: 'B' };

/** An attribute value in DynamoDB's own form, checked and deeply copied. */
export function fromRaw(value: unknown, property: string, level = 1): AttributeValue {
  const members = isObject(value) ? Object.entries(value).filter(([, member]) => member !== undefined) : [];
  const [type, held] = members[0] ?? [];
  if (members.length !== 1 || type === undefined) {
    refuse(property, "must be an attribute value, as { S: '…' } (effects.document takes plain values)");
  }
  const inside = `${property}.${type}`;
  const isOf = (jsType: string): boolean => typeof held === jsType;
  if ((type === 'S' && isOf('string')) || (type === 'BOOL' && isOf('boolean')) || (type === 'NULL' && held === true)) {
    return type === 'NULL' ? { NULL: true } : fromDocument(held, inside);
  }
  if (type === 'B' && held instanceof Uint8Array) return fromDocument(held, inside);
  if (type === 'N' && typeof held === 'string' && decimalOf(held) !== undefined) return { N: held };
  if (type === 'M') return { M: convertMap(held, inside, fromRaw, level) };
  if (Array.isArray(held)) {
    if (type === 'L') return { L: convertList(held, inside, fromRaw, level) };
    const memberType = memberTypes[type];
    if (memberType !== undefined) {
      const wrapped = held.map((member: unknown) => ({ [memberType]: member }));
      return attributeSet(convertList(wrapped, inside, fromRaw, 1), inside);
    }
  }
  refuse(inside, 'is not what DynamoDB takes for an attribute value of this type');
}
