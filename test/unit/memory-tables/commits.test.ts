import { describe, expect, it } from 'vitest';
import type { AttributeMap, AttributeValue } from '../../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../../lib/core/effects/effect.ts';
import { FakeClock, type MemoryStore, memoryStore } from '../../../lib/testing/index.ts';
import {
  check,
  commitOf,
  markOf,
  moveOf,
  positionAt,
  put,
  remove,
  update,
} from '../../contract/commit-store.support.ts';
import { call } from '../../contract/idempotency-store.contract.ts';

const committed = { kind: 'committed' };
const unstorable = { kind: 'refused', error: { name: 'StoreError', kind: 'unstorable' } };
const one = { values: { ':one': { N: '1' } } };
const key = (id: string): AttributeMap => ({ orderId: { S: id } });
const made = (misfits: 'refuse' | 'cancel' = 'refuse', clock?: FakeClock): MemoryStore =>
  memoryStore({ tables: { Orders: { partitionKey: 'orderId' } }, misfits, ...(clock !== undefined && { clock }) });
const commit = (store: MemoryStore, effects: readonly Effect[]) => store.commit(commitOf({ effects }), call);
const add = (id: string) => update('Orders', key(id), 'ADD amount :one', one);
const misfit = (id: string) => update('Orders', key(id), 'SET amount = gone + :one', one);
const failing = (id: string) => check('Orders', key(id), 'attribute_exists(orderId)');
const kilobytes = (count: number) => ({ S: 'x'.repeat(count * 1024) });

describe('a commit in memory', () => {
  it('puts every condition to the state before it', async () => {
    const store = made();
    store.putItem('Orders', { orderId: 'a', state: 'open' });
    const absent = { condition: 'attribute_not_exists(orderId)' };
    const results = await commit(store, [remove('Orders', key('a')), put('Orders', key('b'), absent), failing('c')]);
    expect(results).toEqual({ kind: 'cancelled', reasons: ['none', 'none', 'conditionFailed'] });
    expect(store.items('Orders')).toEqual([{ orderId: 'a', state: 'open' }]);
  });

  it.each([
    ['marks', () => ({ marks: [markOf('k'), markOf('k')] })],
    ['positions', () => ({ positions: [1, 2].map((offset) => moveOf('k', undefined, positionAt(offset))) })],
    ['effects', () => ({ effects: [add('k'), put('Orders', key('k'))] })],
  ])('is refused with an item named twice by %s', async (_, writes) => {
    const store = made();
    expect(await store.commit(commitOf(writes()), call)).toMatchObject(unstorable);
    expect([store.keys(), store.peekPosition('k'), store.items('Orders')]).toEqual([[], undefined, []]);
  });

  it('does not take a mark, a position and an effect of one name for one item', async () => {
    const writes = { marks: [markOf('k')], positions: [moveOf('k', undefined, positionAt(1))], effects: [add('k')] };
    expect(await made().commit(commitOf(writes), call)).toEqual(committed);
  });

  it('is refused over 4 MB, and by an item or values over 400 KB', async () => {
    const store = made();
    const puts = (count: number) =>
      Array.from({ length: count }, (_, i) => put('Orders', { ...key(`o-${i}`), text: kilobytes(390) }));
    expect(await commit(store, puts(11))).toMatchObject(unstorable);
    expect(await commit(store, [put('Orders', { ...key('a'), text: kilobytes(400) })])).toMatchObject(unstorable);
    const large = { values: { ':v': kilobytes(401) } };
    expect(await commit(store, [update('Orders', key('a'), 'SET a = :v', large)])).toMatchObject(unstorable);
    expect(store.items('Orders')).toEqual([]);
    expect(await commit(store, puts(10))).toEqual(committed);
  });

  it('tells at its place of an update that makes an item too large, whatever is said of misfits', async () => {
    for (const store of [made(), made('cancel')]) {
      store.putItem('Orders', { orderId: 'a', text: 'x'.repeat(390 * 1024) });
      const grow = update('Orders', key('a'), 'SET more = :v', { values: { ':v': kilobytes(20) } });
      expect(await commit(store, [failing('b'), grow, add('c')])).toEqual({
        kind: 'cancelled',
        reasons: ['conditionFailed', 'invalid', 'none'],
      });
      expect(store.items('Orders')).toHaveLength(1);
    }
  });

  it('is refused for an update that does not fit, whatever else is to be said', async () => {
    const store = made();
    const mark = markOf('m');
    await store.commit(commitOf({ marks: [mark] }), call);
    expect(await store.commit(commitOf({ marks: [mark], effects: [misfit('a')] }), call)).toMatchObject(unstorable);
    expect(await commit(store, [failing('b'), misfit('a')])).toMatchObject(unstorable);
  });

  it('is cancelled for an update that does not fit, where that is asked for', async () => {
    const store = made('cancel');
    const reasons = ['none', 'invalid', 'conditionFailed'];
    expect(await commit(store, [add('a'), misfit('b'), failing('c')])).toEqual({ kind: 'cancelled', reasons });
    expect(store.items('Orders')).toEqual([]);
  });

  it('does not try an update whose condition does not hold', async () => {
    const conditional = { ...misfit('a'), condition: 'attribute_exists(orderId)' };
    expect(await commit(made(), [conditional])).toEqual({ kind: 'cancelled', reasons: ['conditionFailed'] });
  });

  it('names effect and table of what DynamoDB would refuse, and where in which expression, but no contents', async () => {
    const wrong = check('Orders', key('secret'), 'attribute_exists(orderId) AND :one = #secret', one);
    const result = await commit(made(), [add('a'), wrong]);
    expect(result.kind === 'refused' && result.error.message).toBe(
      'Memory store: the commit was refused: effects[1] (check "Orders"): in its condition: a #name that is not among its names at character 38.',
    );
  });

  it.each<[string, Partial<Effect>, string]>([
    [
      'a value that no expression has',
      { values: { ':one': { N: '1' }, ':two': { N: '2' } } },
      '1 of its names and values',
    ],
    ['a name that no expression has', { names: { '#n': 'n' } }, '1 of its names and values'],
    ['no names', { names: {} }, 'its names are empty'],
    ['a name without #', { names: { n: 'n' } }, 'must be like #name'],
    ['a name for nothing', { names: { '#n': '' } }, 'not empty'],
    ['a value without :', { values: { one: { N: '1' } } }, 'must be named like :value'],
    ['an empty condition', { condition: '' }, 'in its condition: syntax error at character 1'],
    ['a condition over 4 KB', { condition: `attribute_exists(${'a'.repeat(4_080)})` }, 'over 4 KB'],
    ['301 operators', { condition: `${'NOT '.repeat(300)}orderId = :one` }, 'more than 300 operators'],
    [
      '101 options',
      { condition: `orderId IN (${Array.from({ length: 101 }, () => ':one').join()})` },
      'more than 100 operands',
    ],
    ['33 steps', { condition: `attribute_exists(a${'.a'.repeat(32)})` }, 'more than 32 steps'],
    ['an index beyond all lists', { condition: 'attribute_exists(a[2147483648])' }, 'an index is too large'],
    ['a reserved word', { condition: 'attribute_exists(Status)' }, 'the reserved word Status'],
    ['a value of two types', { values: JSON.parse('{":one":{"N":"1","S":"1"}}') }, '2 types instead of one'],
    ['a value of no type', { values: JSON.parse('{":one":{}}') }, '0 types instead of one'],
    ['a value of an unknown type', { values: JSON.parse('{":one":{"X":1}}') }, 'a type that there is not'],
    ['a NULL that is false', { values: JSON.parse('{":one":{"NULL":false}}') }, 'must be true'],
    ['a set with a number twice', { values: { ':one': { NS: ['1', '1.0'] } } }, 'a member twice'],
  ])('refuses what DynamoDB does: %s', async (_, wrong, problem) => {
    const result = await commit(made(), [{ ...add('a'), ...wrong } as Effect]);
    expect(result).toMatchObject(unstorable);
    expect(result.kind === 'refused' && result.error.message).toContain(problem);
  });

  it.each([
    ['empty values', { values: {} }],
    ['values without an expression', one],
  ])('refuses %s', async (_, terms) => {
    expect(await commit(made(), [remove('Orders', key('a'), terms)])).toMatchObject(unstorable);
  });

  it('tells expressions apart that differ only in what their names or values are', async () => {
    const store = made();
    const set = (id: string, name: string, value: AttributeValue) =>
      update('Orders', key(id), 'SET #n = :v', { names: { '#n': name }, values: { ':v': value } });
    expect(await commit(store, [set('a', 'x', { N: '1' }), set('b', 'y', { S: 't' })])).toEqual(committed);
    expect(store.items('Orders')).toEqual([
      { orderId: 'a', x: 1 },
      { orderId: 'b', y: 't' },
    ]);
    const plus = (value: AttributeValue) => update('Orders', key('a'), 'SET x = x + :v', { values: { ':v': value } });
    expect(await commit(store, [plus({ N: '1' })])).toEqual(committed);
    expect(await commit(store, [plus({ S: '1' })])).toMatchObject(unstorable);
    const above = (value: AttributeValue) => check('Orders', key('a'), 'x > :v', { values: { ':v': value } });
    expect(await commit(store, [above({ N: '1' })])).toEqual(committed);
    expect(await commit(store, [above({ BOOL: true })])).toMatchObject(unstorable);
    const between = (low: string) =>
      check('Orders', key('a'), 'x BETWEEN :low AND :high', { values: { ':low': { N: low }, ':high': { N: '5' } } });
    expect(await commit(store, [between('1')])).toEqual(committed);
    expect(await commit(store, [between('6')])).toMatchObject(unstorable);
  });
});

describe('the token of a commit in memory', () => {
  const again = (store: MemoryStore) => store.commit(commitOf({ token: 't', effects: [add('a')] }), call);

  it('is known by what the writes say, not by the objects that say it', async () => {
    const store = made();
    const first = commitOf({ token: 't', effects: [put('Orders', { ...key('a'), list: { L: [] } })] });
    await store.commit(first, call);
    expect(await store.commit(structuredClone(first), call)).toEqual(committed);
    const [effect] = first.effects;
    if (effect?.kind === 'put') effect.item.list = { L: [{ N: '1' }] };
    expect(await store.commit(first, call)).toMatchObject({ kind: 'failed', error: { kind: 'unavailable' } });
    expect(store.items('Orders')).toEqual([{ orderId: 'a', list: [] }]);
  });

  it('is kept for ten minutes by the clock', async () => {
    const clock = new FakeClock();
    const store = made('refuse', clock);
    await again(store);
    await clock.advance(599_999);
    expect(await again(store)).toEqual(committed);
    expect(store.items('Orders')).toEqual([{ orderId: 'a', amount: 1 }]);
    await clock.advance(1);
    expect(await again(store)).toEqual(committed);
    expect(store.items('Orders')).toEqual([{ orderId: 'a', amount: 2 }]);
  });

  it('is kept for ever without a clock', async () => {
    const store = made();
    await again(store);
    await again(store);
    expect(store.items('Orders')).toEqual([{ orderId: 'a', amount: 1 }]);
  });
});
