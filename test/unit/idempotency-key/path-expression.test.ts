import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors/errors.ts';
import { parsePath } from '../../../lib/core/idempotency-key/path-expression.ts';
import { selectPath } from '../../../lib/core/idempotency-key/select-path.ts';

function select(expression: string, value: unknown): unknown {
  return selectPath(parsePath(expression, 'businessId'), value);
}

describe('a path expression', () => {
  const value = { a: { b: [10, 20, { c: 'd' }], 'x-y': 1, 'say "hi"': 2, ü: 3 }, _n1: 4, let: 5, nothing: null };

  it.each<[string, unknown]>([
    ['_n1', 4],
    ['let', 5],
    ['@', value],
    ['a.b[0]', 10],
    ['a.b[-1].c', 'd'],
    ['a.b[2].c', 'd'],
    ['a.b[3]', null],
    ['a.b[-4]', null],
    ['a.b[007]', null],
    ['a.b[-0]', 10],
    ['a.b[99999999999999999999]', null],
    ['a."x-y"', 1],
    ['a."say \\"hi\\""', 2],
    ['a."\\u00fc"', 3],
    ['"a"."ü"', 3],
    ['a.[b[0], "x-y"]', [10, 1]],
    ['a.{first: b[0], "other one": "x-y"}', { first: 10, 'other one': 1 }],
    ['[_n1, [let], {n: nothing}]', [4, [5], { n: null }]],
    ['[_n1, let][1]', 5],
    ['{x: a}.x.b[1]', 20],
    ['a.b.[@[0], [1]]', [10, 20]],
    [' a . b [ 1 ] ', 20],
    ['\ta.\n[ b[0] ,\r"x-y" ]', [10, 1]],
    ['nothing.[a, b]', null],
    ['_n1.[a]', [null]],
    ['nothing', null],
    ['{n: _n1, n: let}', { n: 5 }],
  ])('%s', (expression, selected) => {
    expect(select(expression, value)).toEqual(selected);
  });

  it('finds own members only, whatever their names', () => {
    class Order {
      readonly id = 'o-1';
      get total(): number {
        return 5;
      }
    }
    expect(select('[id, total, constructor]', new Order())).toEqual(['o-1', null, null]);
    expect(select('["__proto__", toString, length]', {})).toEqual([null, null, null]);
    expect(select('"__proto__"', JSON.parse('{"__proto__": 1}'))).toBe(1);
    expect(select('[length, "0"]', [1])).toEqual([null, null]);
    expect(select('length', 'text')).toBeNull();
  });

  it('builds a member of any name without touching a prototype', () => {
    const built = select('{"__proto__": a}', { a: { b: 1 } });
    expect(Object.entries(Object(built))).toEqual([['__proto__', { b: 1 }]]);
  });

  it('hands on what it finds as it is', () => {
    const date = new Date(5);
    expect(select('a', { a: date })).toBe(date);
    expect(select('[a, b]', { a: 1n, b: undefined })).toEqual([1n, null]);
  });
});

describe('what is no path expression', () => {
  const refusal = (expression: string): unknown => {
    try {
      return parsePath(expression, 'businessId');
    } catch (error) {
      return error;
    }
  };

  it.each<[string, number]>([
    ['', 1],
    ['value.', 7],
    ['.value', 1],
    ['value..a', 7],
    ['value.@', 7],
    ['value a', 7],
    ['value.a,', 8],
    ['value[]', 6],
    ['value[*]', 6],
    ['value[?a]', 6],
    ['value[0:1]', 6],
    ['value[1-2]', 6],
    ['value[a]', 6],
    ['value["a"]', 6],
    ['value[', 6],
    ['value.[0]', 8],
    ['value.*', 7],
    ['*', 1],
    ['[]', 2],
    ['[a b]', 4],
    ['[a,]', 4],
    ['[a', 3],
    ['{}', 2],
    ['{a}', 3],
    ['{a: b,}', 7],
    ['{a: b c: d}', 7],
    ['{[a]: b}', 2],
    ['a || b', 3],
    ['a && b', 3],
    ['a | b', 3],
    ['!a', 1],
    ['&a', 1],
    ['a == b', 3],
    ['a + b', 3],
    ['(a)', 1],
    ['length(a)', 7],
    ['`1`', 1],
    ["'a'", 1],
    ['5', 1],
    ['$.a', 1],
    ['let $v = a in $v', 5],
    ['"a', 1],
    ['"\\x"', 1],
    ['"\n"', 1],
    ['a\u00a0', 2],
    ['value.😀', 7],
  ])('%j is refused at its character %i', (expression, character) => {
    const error = refusal(expression);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({
      property: 'businessId',
      message: expect.stringContaining(`'${expression}' is no path expression: `),
    });
    expect(String(error)).toContain(` expected at character ${character}, `);
    expect(String(error)).toContain("jmespath('…') from 'kafka-once/jmespath' takes the whole of JMESPath");
  });

  it.each([
    ['headers.x-event-id', 'x-event-id'],
    ['[headers.größe, topic]', 'größe'],
    ['value.1st.a', '1st'],
    ['value.-a', '-a'],
    ['value.a$b', 'a$b'],
  ])('%s lacks quotes, and is told so', (expression, word) => {
    expect(String(refusal(expression))).toContain(` Did you mean "${word}"? `);
  });

  it.each([['value a'], ['a || b'], ['a - 1'], ['$v'], ['value[*].x'], ['5']])('%s lacks no quotes', (expression) => {
    expect(String(refusal(expression))).not.toContain('Did you mean');
  });

  it('is told in full', () => {
    expect(String(refusal('headers.x-event-id'))).toMatchInlineSnapshot(
      `"ConfigurationError: businessId: 'headers.x-event-id' is no path expression: '.', an index such as [0] or the end expected at character 10, not '-'. Did you mean "x-event-id"? A name with other signs than letters, digits and _ needs double quotes. jmespath('…') from 'kafka-once/jmespath' takes the whole of JMESPath"`,
    );
  });
});
