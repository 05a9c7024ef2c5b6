import { normalNumber } from './number-text.ts';
import type { Item, Value } from './value.ts';
import { bytesOf } from './write-attribute.ts';

/** An item as plain JavaScript values. */
export function writeDocument(item: Item): Record<string, unknown> {
  return Object.fromEntries([...item].map(([name, value]) => [name, documentValue(value)]));
}

/**
 * A set becomes a `Set`, binary data a `Uint8Array`. A number that JavaScript's do not hold exactly becomes a bigint, or, if
 * it is no integer, its text.
 */
function documentValue(value: Value): unknown {
  switch (value.type) {
    case 'S':
      return value.text;
    case 'N':
      return documentNumber(value.text);
    case 'B':
      return bytesOf(value.text);
    case 'BOOL':
      return value.is;
    case 'NULL':
      return null;
    case 'SS':
      return new Set(value.texts);
    case 'NS':
      return new Set(value.texts.map(documentNumber));
    case 'BS':
      return new Set(value.texts.map(bytesOf));
    case 'L':
      return value.elements.map(documentValue);
    case 'M':
      return writeDocument(value.members);
  }
}

function documentNumber(text: string): number | bigint | string {
  const number = Number(text);
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : normalNumber(String(number)) === text;
  if (isExact) return number;
  return text.includes('.') ? text : BigInt(text);
}
