import type { AttributeValue } from './attribute-value.ts';
import { refuse } from './refuse.ts';
import { scalarIdentity } from './scalar-identity.ts';

/** The set of these scalars. DynamoDB takes no empty set, none of mixed types, and no member twice. */
export function attributeSet(members: readonly AttributeValue[], property: string): AttributeValue {
  const strings = members.flatMap((member) => ('S' in member ? [member.S] : []));
  const numbers = members.flatMap((member) => ('N' in member ? [member.N] : []));
  const bytes = members.flatMap((member) => ('B' in member ? [member.B] : []));
  const count = members.length;
  if (count === 0) refuse(property, 'an empty set has no form in DynamoDB');
  if (Math.max(strings.length, numbers.length, bytes.length) !== count) {
    refuse(property, 'a set holds either strings, numbers or bytes');
  }
  if (new Set(members.map(scalarIdentity)).size !== count) refuse(property, 'a set holds nothing twice');
  if (strings.length === count) return { SS: strings };
  return numbers.length === count ? { NS: numbers } : { BS: bytes };
}
