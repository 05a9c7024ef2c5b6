import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Identities } from '../../../../lib/handler/commit/identities.ts';
import { put, update } from './commit-parts.ts';

const updates = (ids: readonly string[]) => ids.map((id) => update(id));

describe('items in flight', () => {
  it('are so until whoever added them has removed them', () => {
    const items = new Identities();
    const added = items.add(updates(['a', 'b']));
    expect(['a', 'b', 'c'].map((id) => items.clash([update(id)]))).toEqual([true, true, false]);
    items.remove(added);
    expect(['a', 'b', 'c'].map((id) => items.clash([update(id)]))).toEqual([false, false, false]);
  });

  it('that two have added stay so until both have removed them', () => {
    const items = new Identities();
    const first = items.add(updates(['a']));
    const second = items.add(updates(['a', 'b']));
    items.remove(first);
    expect(items.clash(updates(['a']))).toBe(true);
    items.remove(second);
    expect(items.clash(updates(['a', 'b']))).toBe(false);
  });

  it('clash with a list of which any is one of them', () => {
    const items = new Identities();
    items.add(updates(['b']));
    expect(items.clash(updates(['a', 'b', 'c']))).toBe(true);
    expect(items.clash(updates(['a', 'c']))).toBe(false);
    expect(items.clash([])).toBe(false);
  });

  it('are known of a put once another effect has named the key of its table', () => {
    const items = new Identities();
    items.add(updates(['a']));
    expect(items.clash([put('a')])).toBe(false);
    items.learn(updates(['any']));
    expect(items.clash([put('a')])).toBe(true);
    expect(items.clash([put('b')])).toBe(false);
    expect(items.clash([put('a', 'Another')])).toBe(false);
  });

  it('are removed as they were added, whatever has been learnt meanwhile', () => {
    const items = new Identities();
    const unknown = items.add([put('a')]);
    items.learn(updates(['any']));
    const known = items.add([put('a')]);
    items.remove(unknown);
    expect(items.clash([put('a')])).toBe(true);
    items.remove(known);
    expect(items.clash([put('a')])).toBe(false);
  });

  it('are not those of others that share what was learnt', () => {
    const items = new Identities();
    items.learn(updates(['any']));
    items.add(updates(['a']));
    const others = items.empty();
    expect(others.clash(updates(['a']))).toBe(false);
    others.add([put('b')]);
    expect(others.clash(updates(['b']))).toBe(true);
    expect(items.clash(updates(['b']))).toBe(false);
    items.learn([{ ...update('any'), table: 'Later' }]);
    others.add([put('c', 'Later')]);
    expect(others.clash([put('c', 'Later')])).toBe(true);
  });

  it('are those of everybody who has not removed theirs, in whatever order that happens', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const steps = fc.array(
      fc.record({ ids: fc.uniqueArray(id, { maxLength: 3 }), removes: fc.boolean(), which: fc.nat(9) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const items = new Identities();
        const held: { readonly ids: readonly string[]; readonly added: readonly string[] }[] = [];
        for (const { ids, removes, which } of all) {
          if (removes && held.length > 0) {
            for (const { added } of held.splice(which % held.length, 1)) items.remove(added);
          } else {
            held.push({ ids, added: items.add(updates(ids)) });
          }
          for (const one of ['a', 'b', 'c', 'd']) {
            expect(items.clash([update(one)])).toBe(held.some((of) => of.ids.includes(one)));
          }
        }
      }),
    );
  });
});
