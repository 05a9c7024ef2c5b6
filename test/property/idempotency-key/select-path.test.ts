import { search } from '@jmespath-community/jmespath';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors/errors.ts';
import { compileBusinessId } from '../../../lib/core/idempotency-key/business-id.ts';
import { isMissingId } from '../../../lib/core/idempotency-key/missing-id.ts';
import { parsePath } from '../../../lib/core/idempotency-key/path-expression.ts';
import { selectPath } from '../../../lib/core/idempotency-key/select-path.ts';
import { jmespath } from '../../../lib/jmespath/index.ts';
import { decoded, received } from '../../unit/idempotency-key/records.ts';

/** Few, so that expressions find something; names that a class gives are left out: there the library finds too much. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'let') },
  fc.constantFrom('_1', 'x-y', 'ü', '日本', '😀', '', ' ', '"', '\\', 'a.b', '\n', '\ud800'),
);

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'max', withCrossShrink: true },
    fc.constantFrom<unknown>(null, undefined, false, 0, -1.5, '', 'text', 2n ** 70n, new Date(5)),
    { weight: 2, arbitrary: fc.array(tie('value'), { minLength: 1, maxLength: 4 }) },
    { weight: 4, arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 4 }) },
  ),
})).value;

const gap = fc.constantFrom('', '', '', ' ', '\t', '\n ');
const spaced = (sign: string) => fc.tuple(gap, gap).map(([before, after]) => `${before}${sign}${after}`);

const written = name.chain((text) => {
  const quoted = JSON.stringify(text);
  const escaped = `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
  return fc.constantFrom(...(/^[A-Za-z_]\w*$/.test(text) ? [text, text, quoted] : [quoted]), escaped);
});

const index = fc
  .tuple(fc.constantFrom('', ' '), fc.constantFrom('0', '1', '2', '-1', '-2', '-9', '007', '-0'), gap)
  .map(([before, at, after]) => `[${before}${at}${after}]`);

const joined = (members: fc.Arbitrary<string>, open: string, close: string) =>
  fc
    .array(fc.tuple(gap, members, gap), { minLength: 1, maxLength: 3 })
    .map((made) => `${open}${made.map((parts) => parts.join('')).join(',')}${close}`);

const { path: expression } = fc.letrec<{ path: string; selection: string }>((tie) => ({
  path: fc
    .tuple(
      fc.oneof({ maxDepth: 3 }, written, fc.constant('@'), index, tie('selection')),
      fc.array(
        fc.oneof(
          fc.tuple(gap, index).map((parts) => parts.join('')),
          fc.tuple(spaced('.'), fc.oneof({ maxDepth: 3 }, written, tie('selection'))).map((parts) => parts.join('')),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([first, rest]) => first + rest.join('')),
  selection: fc.oneof(
    { maxDepth: 3 },
    written,
    joined(tie('path'), '[', ']'),
    joined(
      fc.tuple(written, spaced(':'), tie('path')).map((parts) => parts.join('')),
      '{',
      '}',
    ),
  ),
}));

/** The library is typed for JSON and takes anything. */
const searchAny: (value: never, expression: string) => unknown = search;
const found = (of: unknown, text: string): unknown => Reflect.apply(searchAny, undefined, [of, text]);

const object = fc.dictionary(name, value, { minKeys: 3, maxKeys: 6 });

describe('a path expression', () => {
  it('selects what the same text selects in JMESPath', () => {
    let hits = 0;
    fc.assert(
      fc.property(expression, object, (text, of) => {
        const selected = selectPath(parsePath(text, 'businessId'), of);
        expect(selected).toStrictEqual(found(of, text));
        if (!isMissingId(selected)) hits += 1;
      }),
      { numRuns: 3000 },
    );
    // Otherwise the expressions and values have drifted apart, and null is compared with null.
    expect(hits).toBeGreaterThan(150);
  });

  it('of any signs means what it means in JMESPath, or is refused', () => {
    const signs = fc.array(
      fc.constantFrom('a', 'b', '"x-y"', '.', '[', ']', '{', '}', ':', ',', '@', '0', '-1', ' ', '*', '|', '(', '"'),
      { maxLength: 7 },
    );
    const of = { a: [{ b: 1 }, { a: [2, 3] }], b: { a: 'x', b: [4], 'x-y': 5 }, 'x-y': { b: { a: 6 } } };
    fc.assert(
      fc.property(signs, (made) => {
        const text = made.join('');
        let selected: unknown;
        try {
          selected = selectPath(parsePath(text, 'businessId'), of);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
          return;
        }
        expect(selected).toStrictEqual(found(of, text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('makes the business ID that jmespath(…) makes of the same text', () => {
    const onRecord = fc
      .tuple(fc.constantFrom('value', 'key', 'headers', 'value.', 'value.'), expression)
      .map(([start, text]) => (start.endsWith('.') ? `${start}[${text}]` : `${start}`));
    fc.assert(
      fc.property(onRecord, value, fc.dictionary(name, fc.string()), (text, of, headers) => {
        const record = decoded(of, {
          key: of,
          headers: Object.entries(headers).map(([header, held]) => ({ name: header, value: Buffer.from(held) })),
        });
        const idOf = (id: Parameters<typeof compileBusinessId<unknown, unknown>>[0]) =>
          compileBusinessId<unknown, unknown>(id, 'businessId')(record, received());
        expect(idOf(text)).toStrictEqual(idOf(jmespath(text)));
      }),
      { numRuns: 1000 },
    );
  });
});
