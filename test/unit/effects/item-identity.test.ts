import { describe, expect, it } from 'vitest';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import { itemIdentity, keyNamesOf } from '../../../lib/core/effects/item-identity.ts';
import { mayTouchSameItem } from '../../../lib/core/effects/may-touch-same-item.ts';
import { effectOf, recorded } from './recorders.ts';

const put = (item: object) => (effects: Effects) => effects.put({ table: 'Orders', item });
const remove = (key: object) => (effects: Effects) => effects.delete({ table: 'Orders', key });

describe('itemIdentity', () => {
  it('is known of a put only with the names of the key', () => {
    const effect = effectOf(put({ pk: 'a', sk: 1, note: 'x' }));
    expect(itemIdentity(effect)).toBeUndefined();
    expect(itemIdentity(effect, [])).toBeUndefined();
    expect(itemIdentity(effect, ['pk', 'toString'])).toBeUndefined();
    expect(itemIdentity(effect, ['__proto__'])).toBeUndefined();
    expect(itemIdentity(effect, ['sk', 'pk'])).toBe(itemIdentity(effectOf(remove({ pk: 'a', sk: 1 }))));
  });

  it('tells tables apart', () => {
    const other = effectOf((effects) => effects.delete({ table: 'Others', key: { pk: 'a' } }));
    expect(itemIdentity(other)).not.toBe(itemIdentity(effectOf(remove({ pk: 'a' }))));
  });
});

describe('keyNamesOf', () => {
  it('knows the tables of which an effect names a key', () => {
    const effects = recorded((all) => {
      put({ id: 1 })(all);
      remove({ pk: 1, sk: 2 })(all);
      all.put({ table: 'Others', item: { id: 1 } });
    });
    expect([...keyNamesOf(effects)]).toEqual([['Orders', ['pk', 'sk']]]);
  });
});

describe('mayTouchSameItem', () => {
  const touch = (one: (effects: Effects) => void, other: (effects: Effects) => void): boolean =>
    mayTouchSameItem(recorded(one), recorded(other));

  it('is true where it is certain', () => {
    expect(touch(remove({ pk: 1 }), remove({ pk: 1n }))).toBe(true);
    expect(touch(put({ pk: 1, note: 'x' }), remove({ pk: 1 }))).toBe(true);
    expect(touch(remove({ pk: 1 }), put({ pk: 1, note: 'x' }))).toBe(true);
  });

  it('is false where items differ, or nothing says that they are one', () => {
    expect(touch(remove({ pk: 1 }), remove({ pk: 2 }))).toBe(false);
    expect(touch(put({ pk: 1 }), put({ pk: 1 }))).toBe(false);
    expect(touch(put({ other: 1 }), remove({ pk: 1 }))).toBe(false);
    expect(mayTouchSameItem([], [])).toBe(false);
  });
});
