import { describe, expect, it } from 'vitest';
import { EffectRecorder } from '../../../lib/core/effects/effect-recorder.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import {
  EffectConditionFailedError,
  EffectConditionRejectedError,
  EffectError,
  EffectLimitError,
  EffectsClosedError,
} from '../../../lib/core/errors/effect-errors.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { problemOf, record, recorded, recorder, refusalOf } from './recorders.ts';

const put = (effects: Effects, id: unknown, table = 'Orders'): void => effects.put({ table, item: { id } });
const remove = (effects: Effects, id: unknown, table = 'Orders'): void => effects.delete({ table, key: { id } });

describe('the effects of a record', () => {
  it('keep their order, and methods need no object before them', () => {
    const kinds = recorded(({ put: putItem, delete: deleteItem, check }) => {
      deleteItem({ table: 'Orders', key: { id: 1 } });
      putItem({ table: 'Orders', item: { id: 2 } });
      check({ table: 'Orders', key: { id: 3 }, condition: 'attribute_exists(id)' });
    }).map(({ kind }) => kind);
    expect(kinds).toEqual(['delete', 'put', 'check']);
  });

  it('do not change with what was given', () => {
    const item = { id: Buffer.from('a'), map: { list: [new Set([1])] } };
    const names = { '#a': 'a' };
    const one = recorder();
    one.effects.put({ table: 'Orders', item, condition: 'attribute_not_exists(#a)', names });
    const before = structuredClone(one.close());
    item.id.fill(0);
    item.map.list.push(new Set([2]));
    names['#a'] = 'b';
    expect(one.close()).toEqual(before);
  });

  it('take none after the handler returned', () => {
    const one = recorder();
    put(one.effects, 1);
    expect(one.close()).toHaveLength(1);
    expect(() => put(one.effects, 2)).toThrow(EffectsClosedError);
    expect(() => put(one.effects, 2)).toThrow(
      'orders-3@42: effects[1] (put "Orders"): added after the handler returned; await everything that adds effects',
    );
    expect(one.close()).toHaveLength(1);
  });

  it('are without those that were refused', () => {
    const one = recorder();
    expect(() => put(one.effects, Number.NaN)).toThrow(EffectError);
    put(one.effects, 1);
    expect(() => remove(one.effects, '')).toThrow('effects[1]');
    expect(one.close()).toHaveLength(1);
  });

  it('may not be on the idempotency table, by name or ARN', () => {
    const arn = 'arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Markers';
    const problem = 'the idempotency table takes no effects';
    expect(problemOf((effects) => put(effects, 1, 'Markers'))).toBe(problem);
    expect(problemOf((effects) => put(effects, 1, arn))).toBe(problem);
    expect(problemOf(({ raw }) => raw({ Delete: { TableName: arn, Key: { id: { S: 'x' } } } }))).toBe(problem);
    const named = new EffectRecorder(record, arn);
    expect(() => put(named.effects, 1, 'Markers')).toThrow(problem);
    expect(recorded((effects) => put(effects, 1, `${arn}2`))).toHaveLength(1);
    const unnamed = new EffectRecorder(record, undefined);
    put(unnamed.effects, 1, 'Markers');
    expect(unnamed.close()).toHaveLength(1);
  });

  it('are named by their table, and by nothing of the item', () => {
    const { message } = refusalOf((effects) =>
      Reflect.apply(effects.put, effects, [{ item: { table: 'secret', TableName: 'secret' } }]),
    );
    expect(message).toBe(
      'orders-3@42: effects[0] (put ""): table: must be the name or ARN of a table: is an environment variable missing?',
    );
    expect(refusalOf(({ raw }) => raw({ Delete: { TableName: 'Tab', Key: {} } })).message).toBe(
      'orders-3@42: effects[0] (raw "Tab"): Delete.Key: must hold one attribute, or two',
    );
  });
});

describe('two effects on one item', () => {
  const clash = (first: number, second: number): string => `effects[${first}] and effects[${second}] are on one item`;

  it('are refused where both name their key, however a number is written', () => {
    const twice = (effects: Effects): void => {
      remove(effects, 0);
      effects.update({ table: 'Orders', key: { b: 'x', a: 1 }, update: 'REMOVE note' });
      effects.raw({ Delete: { TableName: 'Orders', Key: { a: { N: '1.0' }, b: { S: 'x' } } } });
    };
    expect(problemOf(twice)).toBe(clash(1, 2));
  });

  it('are refused where a put has a key that is known, before it or after', () => {
    const after = (effects: Effects): void => {
      remove(effects, 1);
      put(effects, 2);
      put(effects, 1);
    };
    expect(problemOf(after)).toBe(clash(0, 2));
    const before = (effects: Effects): void => {
      put(effects, 1);
      put(effects, 1, 'Others');
      remove(effects, 1);
    };
    expect(problemOf(before)).toBe(clash(0, 2));
    const puts = (effects: Effects): void => {
      put(effects, 1);
      put(effects, 1);
      remove(effects, 2);
    };
    expect(problemOf(puts)).toBe(clash(0, 1));
    const putsAfter = (effects: Effects): void => {
      remove(effects, 2);
      put(effects, 1);
      put(effects, 1);
    };
    expect(problemOf(putsAfter)).toBe(clash(1, 2));
  });

  it('are taken where they are on other items, other tables, or nothing says that they are one', () => {
    const effects = recorded((all) => {
      put(all, 1, 'Unknown');
      put(all, 1, 'Unknown');
      remove(all, 1);
      remove(all, '1');
      remove(all, Uint8Array.of(49));
      remove(all, 'MQ==');
      remove(all, -1);
      remove(all, 1, 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders');
      all.put({ table: 'Orders', item: { other: 1 } });
      put(all, true);
    });
    expect(effects).toHaveLength(10);
  });

  it('leave what stands when one of them is refused', () => {
    const one = recorder();
    remove(one.effects, 1);
    expect(() => remove(one.effects, 1)).toThrow(clash(0, 1));
    remove(one.effects, 2);
    expect(() => put(one.effects, 2)).toThrow(clash(1, 2));
  });
});

describe('the limits of a record', () => {
  it('are 99 effects', () => {
    const one = recorder();
    for (let id = 0; id < 99; id += 1) remove(one.effects, id);
    expect(() => remove(one.effects, 99)).toThrow(EffectLimitError);
    expect(() => remove(one.effects, 99)).toThrow(
      'orders-3@42: effects[99] (delete "Orders"): has 100 effects, over 99',
    );
    expect(one.close()).toHaveLength(99);
  });

  it('are nearly 4 MB in all', () => {
    const one = recorder();
    const add = (id: number, bytes: number): void =>
      one.effects.put({ table: 'Tab', item: { i: id, b: new Uint8Array(bytes - 4) } });
    for (let id = 1; id <= 10; id += 1) add(id, 400 * 1024);
    const left = 4 * 1024 * 1024 - 8 * 1024 - 10 * 400 * 1024;
    expect(() => add(11, left + 1)).toThrow(
      'orders-3@42: effects[10] (put "Tab"): effects: has 4186113 bytes, over 4186112',
    );
    add(11, left);
    expect(one.close()).toHaveLength(11);
  });

  it('are told by an error that is not tried again', () => {
    const error = refusalOf((effects) => put(effects, 'x'.repeat(409_599)));
    expect(error).toBeInstanceOf(EffectLimitError);
    expect(error).toBeInstanceOf(UnprocessableRecordError);
    expect(error.message).toBe('orders-3@42: effects[0] (put "Orders"): item: has 409601 bytes, over 409600');
  });
});

describe('a condition that does not hold', () => {
  const place = { record, index: 1, kind: 'update', table: 'Orders' };

  it('is tried again, or not', () => {
    const failed = new EffectConditionFailedError(place);
    expect(failed).not.toBeInstanceOf(UnprocessableRecordError);
    expect(failed.message).toMatch(/^orders-3@42: effects\[1\] \(update "Orders"\): its condition does not hold/);
    const rejected = new EffectConditionRejectedError(place);
    expect(rejected).toBeInstanceOf(UnprocessableRecordError);
    expect(rejected).toMatchObject({ name: 'EffectConditionRejectedError', index: 1 });
  });
});
