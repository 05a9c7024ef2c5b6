import type { AttributeMap, AttributeValue } from '../../../core/effects/attribute-value.ts';
import type { Item, Value } from './value.ts';

/** A value in DynamoDB's own form. */
function writeAttribute(value: Value): AttributeValue {
  switch (value.type) {
    case 'S':
      return { S: value.text };
    case 'N':
      return { N: value.text };
    case 'B':
      return { B: bytesOf(value.text) };
    case 'BOOL':
      return { BOOL: value.is };
    case 'NULL':
      return { NULL: true };
    case 'SS':
      return { SS: [...value.texts] };
    case 'NS':
      return { NS: [...value.texts] };
    case 'BS':
      return { BS: value.texts.map(bytesOf) };
    case 'L':
      return { L: value.elements.map(writeAttribute) };
    case 'M':
      return { M: writeAttributes(value.members) };
  }
}

export function writeAttributes(item: Item): AttributeMap {
  return Object.fromEntries([...item].map(([name, value]) => [name, writeAttribute(value)]));
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
