import fc from 'fast-check';
import type { AttributeMap, AttributeValue } from '../../../lib/core/effects/attribute-value.ts';

/** An effect on one item, as far as it can be told without a table, and the item that it finds. */
export interface RandomEffect {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly stored: AttributeMap | undefined;
  readonly item: AttributeMap;
  readonly update: string;
  readonly condition: string | undefined;
  readonly names: Record<string, string> | undefined;
  readonly values: AttributeMap | undefined;
}

const text = fc.constantFrom('a', 'b', 'ab', 'abc', '', 'é', '\u{1F600}', '\uFFFD', 'Z');
const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map(String),
  fc.constantFrom('1.0', '0.5', '-0.25', '1e2', '1E-3', '12345678901234567890123456789012345678', '0.1', '9e125'),
  fc.constantFrom('1e37', '99999999999999999999999999999999999999', '1e-130', '-0', '007', '+4', '9007199254740993'),
);
const bytes = fc.uint8Array({ maxLength: 3, max: 3 }).map((of) => Uint8Array.from(of));
const setNumber = fc.constantFrom('1', '2', '3', '0.5', '-1', '1e2');
const set: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
  fc.uniqueArray(setNumber, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
  fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 2 }).map((of) => ({
    BS: of.map((byte) => Uint8Array.of(byte)),
  })),
);
const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 3, arbitrary: text.map((S) => ({ S })) },
  { weight: 4, arbitrary: number.map((N) => ({ N })) },
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true as const }),
  bytes.map((B) => ({ B })),
);
const list = fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, set), { maxLength: 3 }).map((L) => ({ L }));
const map = fc.record({ n: number, t: text, li: list, deep: list }, { requiredKeys: [] }).map(
  ({ n, t, li, deep }): AttributeValue => ({
    M: {
      ...(n !== undefined && { n: { N: n } }),
      ...(t !== undefined && { t: { S: t } }),
      ...(li !== undefined && { li }),
      ...(deep !== undefined && { deep: { M: { x: deep, y: { N: '1' } } } }),
    },
  }),
);
const anything: fc.Arbitrary<AttributeValue> = fc.oneof({ weight: 4, arbitrary: scalar }, set, list, map);

/** Mostly of the type that its name promises. */
function mostly(type: fc.Arbitrary<AttributeValue>): fc.Arbitrary<AttributeValue> {
  return fc.oneof({ weight: 12, arbitrary: type }, { weight: 1, arbitrary: anything });
}

const storedItem: fc.Arbitrary<AttributeMap> = fc
  .record(
    {
      n: mostly(number.map((N) => ({ N }))),
      m: mostly(fc.integer({ min: 0, max: 9 }).map((of) => ({ N: String(of) }))),
      t: mostly(text.map((S) => ({ S }))),
      li: mostly(list),
      mp: mostly(map),
      st: mostly(set),
      any: anything,
    },
    { requiredKeys: [] },
  )
  .map((item) => Object.fromEntries(Object.entries(item).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))));

const names = { '#n': 'n', '#odd': 'od d', '#t': 't', '#status': 'status' };
const path = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('n', 'm', 't', 'li', 'mp', 'st', 'any', 'gone', '#n', '#t') },
  { weight: 4, arbitrary: fc.constantFrom('li[0]', 'li[1]', 'li[4]', 'mp.n', 'mp.t', 'mp.li', 'mp.deep.x', 'mp.new2') },
  fc.constantFrom(
    'mp.li[0]',
    'mp.li[2]',
    'mp.deep.x[0]',
    'gone.n',
    'gone[0]',
    'mp.deep.y',
    '#odd',
    'mp.#odd',
    'any.#n',
  ),
  fc.constantFrom('id', '#status', 'status', 'any[0]', 'n[0]', 'st.n', '#undefined', 'mp.li[0].n'),
);

/** Text that may hold values, which get their placeholders at the end. */
interface Draft {
  readonly text: string;
  readonly values: readonly AttributeValue[];
}

const written = (of: string): Draft => ({ text: of, values: [] });
const value = (of: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Draft> =>
  of.map((one) => ({ text: '§', values: [one] }));

/** Drafts one after the other, with text between them. */
function joined(texts: readonly string[], ...drafts: readonly Draft[]): Draft {
  const parts = texts.map((of, index) => of + (drafts[index]?.text ?? ''));
  return { text: parts.join(''), values: drafts.flatMap(({ values }) => values) };
}

function sequence(texts: readonly string[], ...parts: readonly fc.Arbitrary<Draft>[]): fc.Arbitrary<Draft> {
  return fc.tuple(...parts).map((drafts) => joined(texts, ...drafts));
}

const place = path.map(written);
const size = sequence(['size(', ')'], place);
const operand = fc.oneof(
  { weight: 5, arbitrary: place },
  { weight: 4, arbitrary: value(scalar) },
  { weight: 1, arbitrary: value(anything) },
  { weight: 1, arbitrary: size },
);
const comparable = fc.oneof(
  { weight: 3, arbitrary: place },
  { weight: 6, arbitrary: value(number.map((N) => ({ N }))) },
  { weight: 2, arbitrary: value(text.map((S) => ({ S }))) },
  { weight: 1, arbitrary: operand },
);
const comparator = fc.constantFrom(' = ', ' <> ', '<', ' <= ', ' > ', '>=').map(written);
const typeName = value(fc.constantFrom('S', 'N', 'L', 'M', 'SS', 'NULL', 'BOOL', 'X').map((S) => ({ S })));

const { condition } = fc.letrec<{ condition: Draft; simple: Draft }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: tie('simple') },
    { weight: 2, arbitrary: sequence(['', ' AND ', ''], tie('condition'), tie('condition')) },
    { weight: 2, arbitrary: sequence(['(', ' OR ', ')'], tie('condition'), tie('condition')) },
    { weight: 1, arbitrary: sequence(['', ' OR NOT ', ''], tie('condition'), tie('condition')) },
    { weight: 1, arbitrary: sequence(['NOT ', ''], tie('condition')) },
    { weight: 1, arbitrary: sequence(['(', ')'], tie('condition')) },
  ),
  simple: fc.oneof(
    { weight: 4, arbitrary: sequence(['', '', '', ''], comparable, comparator, comparable) },
    { weight: 2, arbitrary: sequence(['', ' = ', ''], operand, value(anything)) },
    sequence(['', ' BETWEEN ', ' AND ', ''], comparable, comparable, comparable),
    sequence(['', ' IN (', ', ', ')'], operand, operand, operand),
    { weight: 2, arbitrary: sequence(['attribute_exists(', ')'], place) },
    { weight: 2, arbitrary: sequence(['attribute_not_exists (', ')'], place) },
    sequence(['attribute_type(', ', ', ')'], place, typeName),
    sequence(['begins_with(', ', ', ')'], place, value(text.map((S) => ({ S })))),
    sequence(['begins_with(', ', ', ')'], operand, operand),
    { weight: 2, arbitrary: sequence(['contains(', ', ', ')'], operand, operand) },
    sequence(['', ' > ', ''], size, value(fc.nat({ max: 3 }).map((N) => ({ N: String(N) })))),
  ),
}));

const numeric = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('n', 'm', 'mp.n', 'li[0]', '#n').map(written) },
  { weight: 3, arbitrary: value(number.map((N) => ({ N }))) },
  { weight: 1, arbitrary: operand },
  sequence(['if_not_exists(', ', ', ')'], place, value(number.map((N) => ({ N })))),
);
const listLike = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('li', 'mp.li', 'gone').map(written) },
  { weight: 3, arbitrary: value(list) },
  sequence(['if_not_exists(', ', ', ')'], place, value(list)),
);
const assigned = fc.oneof(
  { weight: 4, arbitrary: value(anything) },
  { weight: 2, arbitrary: place },
  { weight: 3, arbitrary: sequence(['', ' + ', ''], numeric, numeric) },
  { weight: 2, arbitrary: sequence(['', '-', ''], numeric, numeric) },
  { weight: 2, arbitrary: sequence(['if_not_exists(', ', ', ')'], place, operand) },
  { weight: 2, arbitrary: sequence(['list_append(', ', ', ')'], listLike, listLike) },
);
const target = fc.oneof({ weight: 2, arbitrary: place }, fc.constantFrom('new1', 'new2', 'new3', 'li[7]').map(written));
const adding = fc.oneof(
  { weight: 3, arbitrary: sequence(['', ' ', ''], numericTarget(), value(number.map((N) => ({ N })))) },
  { weight: 3, arbitrary: sequence(['st ', ''], value(set)) },
  sequence(['', ' ', ''], target, value(anything)),
);
const deleting = fc.oneof(
  { weight: 3, arbitrary: sequence(['st ', ''], value(set)) },
  sequence(['', ' ', ''], target, value(set)),
);

function numericTarget(): fc.Arbitrary<Draft> {
  return fc.constantFrom('n', 'm', 'gone', 'mp.n', 'li[0]', 'li[9]', 'new4').map(written);
}

function section(keyword: string, action: fc.Arbitrary<Draft>): fc.Arbitrary<Draft | undefined> {
  const actions = fc.array(action, { minLength: 1, maxLength: 3 });
  return fc.option(
    actions.map((all) => joined([keyword, ...all.map((_, i) => (i < all.length - 1 ? ', ' : ''))], ...all)),
    { nil: undefined, freq: 1 },
  );
}

const update = fc
  .tuple(
    section('SET ', sequence(['', ' = ', ''], target, assigned)),
    section(' REMOVE ', target),
    section(' ADD ', adding),
    section(' DELETE ', deleting),
    fc.nat({ max: 3 }),
  )
  .map(([set_, remove, add, del, only]): Draft => {
    const all = [set_, remove, add, del].flatMap((draft) => draft ?? []);
    // Whole ones rarely fit: mostly one section, or two.
    const some = only === 0 ? all : all.slice(only - 1, only + 1);
    return some.length === 0 ? written('REMOVE gone') : joined(['', ...some.map(() => '')], ...some);
  });

/** Effects of every kind on items of every shape: most of them fit, some do not. */
export const randomEffect: fc.Arbitrary<RandomEffect> = fc
  .record({
    kind: fc.constantFrom('update', 'update', 'update', 'check', 'put', 'delete'),
    stored: fc.option(storedItem, { nil: undefined, freq: 8 }),
    item: storedItem,
    update,
    condition: fc.option(condition, { nil: undefined, freq: 2 }),
    isSloppy: fc.integer({ min: 0, max: 40 }).map((of) => of === 0),
  })
  .map(({ kind, condition: maybe, update: changes, isSloppy, ...items }): RandomEffect => {
    const draft = kind === 'check' ? (maybe ?? written('attribute_exists(n)')) : maybe;
    const texts = [kind === 'update' ? changes : written(''), draft ?? written('')];
    const values: Record<string, AttributeValue> = isSloppy ? { ':unused': { N: '1' } } : {};
    const [updateText = '', conditionText = ''] = texts.map((one) => {
      let next = 0;
      return one.text.replace(/§/g, () => {
        const placeholder = `:v${Object.keys(values).length}`;
        const held = one.values[next];
        next += 1;
        if (held !== undefined) values[placeholder] = held;
        return placeholder;
      });
    });
    const used = Object.entries(names).filter(([name]) => `${updateText} ${conditionText}`.match(`${name}\\b`));
    return {
      ...items,
      kind,
      update: updateText,
      condition: draft === undefined ? undefined : conditionText,
      names: used.length === 0 ? undefined : Object.fromEntries(used),
      values: Object.keys(values).length === 0 ? undefined : values,
    };
  });
