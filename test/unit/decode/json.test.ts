import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { Decoder } from '../../../lib/core/decode/decoder.ts';
import { type JsonOptions, json } from '../../../lib/core/decode/json.ts';
import type { StandardSchema } from '../../../lib/core/decode/standard-schema.ts';
import {
  ConfigurationError,
  RecordDecodingError,
  SchemaViolationError,
  UnprocessableRecordError,
} from '../../../lib/core/errors/errors.ts';

const about = {
  coordinates: { topic: 'orders', partition: 3, offset: 7 },
  part: 'value',
  schemaMetadata: undefined,
} as const;

function decode<T>(decoder: Decoder<T>, content: string | Uint8Array): T | Promise<T> {
  return decoder.decode(typeof content === 'string' ? new TextEncoder().encode(content) : content, about);
}

describe('json', () => {
  it('reads JSON in UTF-8, with or without a byte order mark', () => {
    expect(decode(json(), '{"a":["ü",1,null]}')).toEqual({ a: ['ü', 1, null] });
    expect(decode(json(), '\uFEFF{"a":1}')).toEqual({ a: 1 });
  });

  it.each([
    ['nothing', ''],
    ['a word', 'secret'],
    ['half an object', '{"secret":'],
    ['two values', '1 2'],
    ['no UTF-8', Uint8Array.of(34, 255, 34)],
    ['half a character', Uint8Array.of(34, 0xc3)],
  ])('refuses %s, naming the record and not the contents', (_what, content) => {
    expect(() => decode(json(), content)).toThrow(RecordDecodingError);
    expect(() => decode(json(), content)).toThrow(UnprocessableRecordError);
    expect(() => decode(json(), content)).toThrow(/^The value of orders-3@7 is not (JSON|UTF-8)\.$/);
  });

  it('still reads what follows a refused record', () => {
    const decoder = json();
    expect(() => decode(decoder, Uint8Array.of(0xc3))).toThrow();
    expect(decode(decoder, '"é"')).toBe('é');
  });

  it('keeps a member named __proto__ a plain member', () => {
    const value = decode(json({ integers: 'exact' }), '{"__proto__":{"x":12345678901234567890}}');
    expect(Object.keys(Object(value))).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  describe('integers', () => {
    const text = '{"big":12345678901234567890,"small":5,"edge":9007199254740991,"over":-9007199254740993,"f":1.5e300}';

    it('are numbers by default', () => {
      expect(decode(json(), text)).toMatchObject({ big: 12345678901234567000, small: 5 });
    });

    it("are exact under 'exact': bigint beyond 2^53 - 1 and numbers otherwise", () => {
      expect(decode(json({ integers: 'exact' }), text)).toEqual({
        big: 12345678901234567890n,
        small: 5,
        edge: 9007199254740991,
        over: -9007199254740993n,
        f: 1.5e300,
      });
      expect(decode(json({ integers: 'exact' }), '9007199254740992')).toBe(9007199254740992n);
      expect(decode(json({ integers: 'exact' }), '["12345678901234567890",1e400]')).toEqual([
        '12345678901234567890',
        Number.POSITIVE_INFINITY,
      ]);
    });

    it('are refused with more digits than any ID has', () => {
      expect(() => decode(json({ integers: 'exact' }), '9'.repeat(1_000_000))).toThrow(RecordDecodingError);
    });

    it('that are nested too deeply are refused rather than crash', () => {
      const deep = `${'['.repeat(500_000)}12345678901234567890${']'.repeat(500_000)}`;
      expect(() => decode(json({ integers: 'exact' }), deep)).toThrow(RecordDecodingError);
    });
  });

  describe('with a schema', () => {
    const Order = z.object({ orderId: z.string(), amount: z.number().positive() });

    it('gives the output of the schema, typed', async () => {
      const schema = z.object({ at: z.string().transform((at) => new Date(at)) });
      const decoder = json(schema);
      expectTypeOf(decoder).toEqualTypeOf<Decoder<{ at: Date }>>();
      expect(await decode(decoder, '{"at":"2026-01-01T00:00:00Z","more":1}')).toEqual({ at: new Date('2026-01-01') });
    });

    it('takes zod and valibot', async () => {
      expect(await decode(json(Order), '{"orderId":"o","amount":1}')).toEqual({ orderId: 'o', amount: 1 });
      const decoder = json(v.object({ orderId: v.string() }));
      expectTypeOf(decoder).toEqualTypeOf<Decoder<{ orderId: string }>>();
      expect(await decode(decoder, '{"orderId":"o"}')).toEqual({ orderId: 'o' });
    });

    it('hands bigint to the schema under exact', async () => {
      const decoder = json(z.object({ id: z.bigint() }), { integers: 'exact' });
      expect(await decode(decoder, '{"id":12345678901234567890}')).toEqual({ id: 12345678901234567890n });
    });

    it('says where it is not satisfied, never with what', () => {
      const broken = () => decode(json(Order), '{"orderId":5,"amount":-77}');
      expect(broken).toThrow(SchemaViolationError);
      expect(broken).toThrow('The value of orders-3@7 does not satisfy its schema at: orderId, amount.');
    });

    it('does not repeat names that are data', () => {
      const broken = () => decode(json(z.record(z.string(), z.number())), '{"anna@example.com":"x"}');
      expect(broken).toThrow('does not satisfy its schema at: ?.');
    });

    it('names the first five places', () => {
      const broken = () => decode(json(z.array(z.string())), '[1,2,3,4,5,6,7]');
      expect(broken).toThrow('at: [0], [1], [2], [3], [4], 2 more.');
    });

    it('names the whole where there is no path', () => {
      expect(() => decode(json(z.string()), '5')).toThrow('at: the whole.');
    });

    it('may validate asynchronously', async () => {
      const schema = z.string().refine(async (text) => text === 'good');
      const late = v.pipeAsync(
        v.string(),
        v.checkAsync(async (text) => text === 'good'),
      );
      const lateSchema: StandardSchema<string> = {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: async (value) => schema['~standard'].validate(value),
        },
      };
      expect(await decode(json(late), '"good"')).toBe('good');
      await expect(decode(json(late), '"bad"')).rejects.toThrow(SchemaViolationError);
      await expect(decode(json(lateSchema), '"bad"')).rejects.toThrow(SchemaViolationError);
    });

    it('passes on what a schema throws, so that it is retried', () => {
      const down = new Error('registry is down');
      const schema: StandardSchema<string> = {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: () => {
            throw down;
          },
        },
      };
      expect(() => decode(json(schema), '1')).toThrow(down);
    });
  });

  it.each([
    ['a schema of no standard', { parse: () => 1 }],
    ['an unknown option', { integer: 'exact' }],
    ['an unknown choice', { integers: 'bigint' }],
    ['null', null],
    ['a text', 'exact'],
    ['a schema of a later standard', { '~standard': { version: 2, vendor: 'x', validate: () => ({ value: 1 }) } }],
  ])('refuses %s', (_what, first) => {
    const untyped: (first: JsonOptions) => Decoder<unknown> = json;
    expect(() => Reflect.apply(untyped, undefined, [first])).toThrow(ConfigurationError);
  });

  it('refuses unknown options beside a schema', () => {
    expect(() => Reflect.apply(json, undefined, [z.string(), { integers: 1 }])).toThrow(
      new ConfigurationError('json.integers', "must be 'number' or 'exact'"),
    );
  });
});
