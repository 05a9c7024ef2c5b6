import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeMap, AttributeValue } from '../../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../../lib/core/effects/effect.ts';
import { EffectRecorder } from '../../../lib/core/effects/effect-recorder.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import { itemIdentity } from '../../../lib/core/effects/item-identity.ts';
import { mayTouchSameItem } from '../../../lib/core/effects/may-touch-same-item.ts';
import { effectSizeBytes } from '../../../lib/core/effects/size.ts';
import { EffectError, EffectTableError } from '../../../lib/core/errors/effect-errors.ts';
import { attributeName, decimal, documentItem, documentValue, readBack, withNumbersAsTexts } from './values.ts';

function recorded(add: (effects: Effects) => void): readonly Effect[] {
  const recorder = new EffectRecorder({ topic: 'orders', partition: 0, offset: 1 }, 'Markers');
  add(recorder.effects);
  return recorder.close();
}

function itemOf(item: object): AttributeMap {
  const [effect] = recorded((effects) => effects.put({ table: 'Tab', item }));
  return effect?.kind === 'put' ? effect.item : {};
}

describe('a document', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(documentItem, (item) => {
        deepStrictEqual(readBack({ M: itemOf(item) }), withNumbersAsTexts(item));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every number exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
        fc.pre(value === 0 || Math.abs(value) >= 1e-130);
        const { n } = itemOf({ n: value });
        expect(n !== undefined && 'N' in n ? Number(n.N) : undefined).toBe(value + 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('shares nothing with what the handler gave', () => {
    const shared = (value: unknown, objects: Set<unknown>): boolean =>
      typeof value === 'object' &&
      value !== null &&
      (objects.has(value) ||
        (value instanceof Uint8Array
          ? [...objects].some((one) => one instanceof Uint8Array && one.buffer === value.buffer && value.length > 0)
          : Object.values(value).some((member) => shared(member, objects))));
    const objectsOf = (value: unknown): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      if (value instanceof Uint8Array) return [value];
      const members: unknown[] = value instanceof Set ? [...value] : Object.values(value);
      return [value, ...members.flatMap(objectsOf)];
    };
    fc.assert(
      fc.property(documentItem, (item) => {
        const made = itemOf(item);
        expect(shared(made, new Set(objectsOf(item)))).toBe(false);
        const [again] = recorded((effects) => effects.raw({ Put: { TableName: 'Tab', Item: made } }));
        deepStrictEqual(again?.kind === 'put' ? again.item : undefined, made);
        expect(shared(again?.kind === 'put' && again.item, new Set(objectsOf(made)))).toBe(false);
      }),
    );
  });

  it('is an effect or an EffectError (of its table: EffectTableError), whatever it is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    const given = fc.oneof(
      anything,
      fc.record({ table: fc.constant('Tab'), item: anything, key: anything, Put: anything }),
    );
    const methods = ['put', 'update', 'delete', 'check', 'transition', 'updateIfVersion', 'raw', 'document'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...methods), given, (method, one) => {
        try {
          recorded((effects) => Reflect.apply(effects[method], effects, [one]));
        } catch (error) {
          expect(error instanceof EffectError || error instanceof EffectTableError).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('generated names and values', () => {
  it("never meet the user's, and each stands for what it was made for", () => {
    const placeholder = fc.stringMatching(/^g[_0-9]{0,4}$/);
    const input = fc.record({
      names: fc.dictionary(placeholder, attributeName, { maxKeys: 4 }),
      values: fc.dictionary(placeholder, documentValue, { maxKeys: 4 }),
      set: fc.dictionary(attributeName, documentValue, { minKeys: 1, maxKeys: 4 }),
    });
    fc.assert(
      fc.property(input, (given) => {
        const names = Object.fromEntries(Object.entries(given.names).map(([name, of]) => [`#${name}`, of]));
        const values = Object.fromEntries(Object.entries(given.values).map(([name, of]) => [`:${name}`, of]));
        const condition = [...Object.keys(names), ...Object.keys(values), 'x'].join(' AND ');
        const key = { 'the key': 1 };
        const [effect] = recorded((effects) =>
          effects.update({ table: 'Tab', key, update: { set: given.set }, condition, names, values }),
        );
        if (effect?.kind !== 'update') throw new Error('no update');
        expect(effect.names).toMatchObject(names);
        for (const [name, value] of Object.entries(values)) {
          deepStrictEqual(readBack(effect.values?.[name] ?? { NULL: true }), withNumbersAsTexts(value));
        }
        const pairs = effect.update
          .replace(/^SET /, '')
          .split(', ')
          .map((pair) => pair.split(' = '));
        const made = pairs.map(([name = '', value = '']): [string, unknown] => {
          expect(Object.hasOwn(names, name) || Object.hasOwn(values, value)).toBe(false);
          return [effect.names?.[name] ?? '', readBack(effect.values?.[value] ?? { NULL: true })];
        });
        deepStrictEqual(Object.fromEntries(made), withNumbersAsTexts(given.set));
      }),
    );
  });
});

describe('the size of an effect', () => {
  it('is never less than the page of AWS says, and hardly more', () => {
    /** A byte and one for two significant digits; the page leaves out the sign, and digits that pair otherwise. */
    const digitsOf = (text: string): number =>
      (text.split('e')[0] ?? '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
    const least = (value: unknown): number => {
      if (typeof value === 'string') return new TextEncoder().encode(value).length;
      if (typeof value === 'number' || typeof value === 'bigint') return 1 + Math.ceil(digitsOf(String(value)) / 2);
      if (value instanceof Uint8Array) return value.length;
      if (value instanceof Set) return [...value].reduce((sum: number, member) => sum + least(member), 0);
      if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + 1 + least(element), 3);
      if (typeof value === 'object' && value !== null) {
        return Object.entries(value).reduce((sum, [name, member]) => sum + 1 + least(name) + least(member), 3);
      }
      return 1;
    };
    fc.assert(
      fc.property(documentItem, (item) => {
        const [effect] = recorded((effects) => effects.put({ table: 'Tab', item }));
        const bytes = effect === undefined ? 0 : effectSizeBytes(effect);
        const itself = least(item) - 3 - Object.keys(item).length;
        expect(bytes).toBeGreaterThanOrEqual(itself);
        expect(bytes).toBeLessThanOrEqual(itself * 2);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the identity of an item', () => {
  const deletion = (key: Record<string, AttributeValue>): Effect => {
    const [effect] = recorded((effects) => effects.raw({ Delete: { TableName: 'Tab', Key: key } }));
    if (effect === undefined) throw new Error('no effect');
    return effect;
  };

  /** The number once more, with zeros and a power of ten that say nothing. */
  const spell = (digits: bigint, exponent: number, zeros: number): string =>
    `${digits < 0n ? '-' : ''}00${digits < 0n ? -digits : digits}${'0'.repeat(zeros)}.000E${exponent - zeros}`;

  it('is one for numbers that are one, however they are written, and for no others', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.nat({ max: 5 }), (one, other, zeros) => {
        const text = ({ digits, exponent }: typeof one): string => `${digits}e${exponent}`;
        const identity = (number: string): string | undefined => itemIdentity(deletion({ id: { N: number } }));
        expect(identity(spell(one.digits, one.exponent, zeros))).toBe(identity(text(one)));
        const power = Math.min(one.exponent, other.exponent);
        const whole = (of: typeof one): bigint => of.digits * 10n ** BigInt(of.exponent - power);
        expect(identity(text(one)) === identity(text(other))).toBe(whole(one) === whole(other));
      }),
      { numRuns: 2000 },
    );
  });

  it('is one for keys that are one, in any order, and for no others', () => {
    const attribute = fc.oneof(
      fc.constantFrom('1', '1.0', 'a', '","', 'S1').map((S): AttributeValue => ({ S })),
      fc.constantFrom('1', '1.0', '10e-1', '2').map((N): AttributeValue => ({ N })),
      fc.constantFrom('1', 'a').map((char): AttributeValue => ({ B: Buffer.from(char) })),
    );
    const key = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '","'), attribute, { minKeys: 1, maxKeys: 2 });
    const plain = (value: AttributeValue | undefined): string => {
      if (value === undefined) return 'none';
      if ('N' in value) return `number ${Number(value.N)}`;
      return 'S' in value ? `text ${value.S}` : `bytes ${'B' in value ? value.B : ''}`;
    };
    fc.assert(
      fc.property(key, key, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse());
        expect(itemIdentity(deletion(reversed))).toBe(itemIdentity(deletion(one)));
        const names = new Set([...Object.keys(one), ...Object.keys(other)]);
        const own = (of: Record<string, AttributeValue>, name: string): string =>
          plain(Object.hasOwn(of, name) ? of[name] : undefined);
        const same = [...names].every((name) => own(one, name) === own(other, name));
        expect(itemIdentity(deletion(one)) === itemIdentity(deletion(other))).toBe(same);
        expect(mayTouchSameItem([deletion(one)], [deletion(other)])).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});
