import { compareNumbers } from './number-text.ts';
import type { Value } from './value.ts';

/** As DynamoDB's `=`: of one type and with the same contents, whatever the order of sets and maps. */
export function equalValues(a: Value, b: Value): boolean {
  switch (a.type) {
    case 'S':
    case 'N':
    case 'B':
      return b.type === a.type && a.text === b.text;
    case 'BOOL':
      return b.type === 'BOOL' && a.is === b.is;
    case 'NULL':
      return b.type === 'NULL';
    case 'SS':
    case 'NS':
    case 'BS':
      return b.type === a.type && equalLists(a.texts, b.texts, Object.is);
    case 'L':
      return b.type === 'L' && equalLists(a.elements, b.elements, equalValues);
    case 'M':
      return b.type === 'M' && equalMembers(a.members, b.members);
  }
}

/** Below, at or above zero as `a` is below, at or above `b`; undefined where there is no order between the two. */
export function orderOf(a: Value, b: Value): number | undefined {
  if (a.type === 'N' && b.type === 'N') return compareNumbers(a.text, b.text);
  if (a.type === 'S' && b.type === 'S') return Buffer.compare(Buffer.from(a.text), Buffer.from(b.text));
  if (a.type !== 'B' || b.type !== 'B') return undefined;
  if (a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
}

function equalLists<Element>(
  a: readonly Element[],
  b: readonly Element[],
  equal: (left: Element, right: Element) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  return a.every((element, index) => {
    const other = b[index];
    return other !== undefined && equal(element, other);
  });
}

function equalMembers(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, member] of a) {
    const other = b.get(name);
    if (other === undefined || !equalValues(member, other)) return false;
  }
  return true;
}
