import fc from 'fast-check';

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'null', '1', '[]', '{}', 'b"AQ=="', 'd5', '__proto__', 'a,b', 'a","b', '\ud800'),
  fc.boolean(),
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
  fc.bigInt(),
  fc.nat({ max: 3 }),
  fc.nat({ max: 3 }).map(BigInt),
  fc.uint8Array({ maxLength: 4 }),
  fc.date({ noInvalidDate: true }),
);

/** Every kind of value that a business ID may be, with small and confusable ones among them. */
export const idValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'b', '1', '__proto__')), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** The same value with the members of its objects the other way round. */
export function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array || value instanceof Date) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(entries.reverse().map(([name, member]) => [name, reversed(member)]));
}

/** Whether two IDs are one, said once more without any encoding. */
export function sameId(one: unknown, other: unknown): boolean {
  if (
    (typeof one === 'number' || typeof one === 'bigint') &&
    (typeof other === 'number' || typeof other === 'bigint')
  ) {
    // JavaScript compares the two kinds exactly; -0 and 0 are equal.
    // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are never === each other
    return one == other;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (one instanceof Date || other instanceof Date) {
    return one instanceof Date && other instanceof Date && one.getTime() === other.getTime();
  }
  if (one instanceof Uint8Array !== other instanceof Uint8Array) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const ones: [string, unknown][] = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return (
    ones.length === others.size && ones.every(([name, member]) => others.has(name) && sameId(member, others.get(name)))
  );
}
