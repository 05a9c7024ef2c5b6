import fc from 'fast-check';
import { expect } from 'vitest';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { Effect } from '../../lib/core/effects/effect.ts';
import type { Position } from '../../lib/core/position/position.ts';
import type { CancellationReason, Commit, MarkWrite } from '../../lib/ports/commit-store.ts';
import {
  type CommitStoreUnderTest,
  check,
  commitOf,
  markerOfMark,
  markerWith,
  markOf,
  moveOf,
  orderKey,
  positionAt,
  positionNow,
  put,
  remove,
  update,
} from './commit-store.support.ts';
import { call, freshKey, markerAt } from './idempotency-store.contract.ts';

/** Which of the keys of its kind is written, on what was there so many changes ago (0: what is there). */
interface Target {
  readonly index: number;
  readonly stale: number;
}

/** One step of a history. `again` sends an earlier commit, token and all, once more. */
type Step =
  | {
      readonly step: 'commit';
      readonly marks: readonly Target[];
      readonly positions: readonly Target[];
      readonly effects: readonly (Target & { readonly kind: Effect['kind'] })[];
      readonly number: number;
    }
  | { readonly step: 'setMarks'; readonly marks: readonly Target[]; readonly number: number }
  | { readonly step: 'again'; readonly back: number }
  | { readonly step: 'poke'; readonly index: number; readonly marker: Marker | undefined };

const keyCount = 3;

const index = fc.nat({ max: keyCount - 1 });
const target = { index, stale: fc.constantFrom(0, 0, 0, 0, 1, 2) };
const targets = fc.uniqueArray(fc.record(target), { selector: (one) => one.index, maxLength: keyCount });
const effects = fc.uniqueArray(fc.record({ ...target, kind: fc.constantFrom('put', 'update', 'delete', 'check') }), {
  selector: (one) => one.index,
  maxLength: keyCount,
});
const number = fc.nat({ max: 3 });

export const commitHistories: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        step: fc.constant('commit' as const),
        marks: targets,
        positions: targets,
        effects,
        number,
      }),
    },
    { weight: 2, arbitrary: fc.record({ step: fc.constant('setMarks' as const), marks: targets, number }) },
    { weight: 2, arbitrary: fc.record({ step: fc.constant('again' as const), back: number }) },
    {
      weight: 1,
      arbitrary: fc.record({
        step: fc.constant('poke' as const),
        index,
        marker: fc.constantFrom(undefined, markerWith(), markerWith({ fence: 0, owner: undefined })),
      }),
    },
  ),
  { minLength: 8, maxLength: 24 },
);

/** What a key holds and held; the newest last. */
type Versions<T> = (T | undefined)[];

/** A store as plainly as it can be said: what each key holds, and which commits were carried out. */
class Model {
  readonly marks = fresh<Marker>(() => freshKey());
  readonly positions = fresh<Position>(() => freshKey());
  readonly amounts = fresh<number>(() => freshKey());
  readonly #carriedOut = new Set<Commit>();

  markOf({ index, stale }: Target, number: number): MarkWrite {
    const [key, versions] = at(this.marks, index);
    return markOf(key, { seen: versions.at(-1 - stale), attempts: number, result: { number } });
  }

  setMark(mark: MarkWrite): unknown {
    const versions = this.marks.get(mark.idempotencyKey) ?? [];
    const marker = versions.at(-1);
    if (sameMarker(marker, mark.seen)) {
      versions.push(markerOfMark(mark));
      return { kind: 'marked' };
    }
    return marker === undefined ? { kind: 'gone' } : { kind: 'existing', marker };
  }

  commit(commit: Commit, amounts: readonly AmountChange[]): unknown {
    if (this.#carriedOut.has(commit)) {
      return { kind: 'committed' };
    }
    const held = [
      ...commit.marks.map(({ idempotencyKey, seen }) => sameMarker(this.marks.get(idempotencyKey)?.at(-1), seen)),
      ...commit.positions.map(({ positionKey, expected }) =>
        samePosition(this.positions.get(positionKey)?.at(-1), expected),
      ),
      ...amounts.map(({ key, expected }) => this.amounts.get(key)?.at(-1) === expected),
    ];
    if (held.includes(false)) {
      return {
        kind: 'cancelled',
        reasons: held.map((one): CancellationReason => (one ? 'none' : 'conditionFailed')),
      };
    }
    for (const mark of commit.marks) {
      this.marks.get(mark.idempotencyKey)?.push(markerOfMark(mark));
    }
    for (const { positionKey, next } of commit.positions) {
      this.positions.get(positionKey)?.push(next);
    }
    for (const { key, after } of amounts) {
      this.amounts.get(key)?.push(after);
    }
    this.#carriedOut.add(commit);
    return { kind: 'committed' };
  }
}

/** What an effect expects of an amount, and what it leaves. */
interface AmountChange {
  readonly key: string;
  readonly expected: number | undefined;
  readonly after: number | undefined;
}

/** Carries a history out on fresh keys, on the store and on the model beside it, and compares every answer and the end. */
export async function followsTheCommitModel(
  { store, orders, getItem, poke }: CommitStoreUnderTest,
  history: readonly Step[],
): Promise<void> {
  const model = new Model();
  const sent: { readonly commit: Commit; readonly amounts: readonly AmountChange[] }[] = [];
  for (const step of history) {
    switch (step.step) {
      case 'poke': {
        const [key, versions] = at(model.marks, step.index);
        await poke(key, step.marker);
        versions.push(step.marker);
        break;
      }
      case 'setMarks': {
        const marks = step.marks.map((one) => model.markOf(one, step.number));
        expect(await store.setMarks(marks, call), JSON.stringify(step)).toEqual(marks.map((one) => model.setMark(one)));
        break;
      }
      case 'again': {
        const again = sent.at(-1 - step.back);
        if (again !== undefined) {
          expect(await store.commit(again.commit, call), JSON.stringify(step)).toEqual(
            model.commit(again.commit, again.amounts),
          );
        }
        break;
      }
      case 'commit': {
        const changes = step.effects.map(({ index, stale, kind }) => {
          const [key, versions] = at(model.amounts, index);
          return amountChange(orders, key, versions.at(-1 - stale), kind, step.number);
        });
        const commit = commitOf({
          marks: step.marks.map((one) => model.markOf(one, step.number)),
          positions: step.positions.map(({ index, stale }) => {
            const [key, versions] = at(model.positions, index);
            const expected = versions.at(-1 - stale);
            const next = positionAt((expected?.nextOffset ?? 0) + step.number, { generation: step.number % 2 });
            return moveOf(key, expected, next);
          }),
          effects: changes.map(({ effect }) => effect),
        });
        const amounts = changes.map(({ change }) => change);
        if (commit.marks.length + commit.positions.length + amounts.length > 0) {
          sent.push({ commit, amounts });
          expect(await store.commit(commit, call), JSON.stringify(step)).toEqual(model.commit(commit, amounts));
        }
        break;
      }
    }
  }
  for (const [key, versions] of model.marks) {
    expect(await markerAt(store, key)).toEqual(versions.at(-1));
  }
  for (const [key, versions] of model.positions) {
    expect(await positionNow(store, key)).toEqual(versions.at(-1));
  }
  for (const [key, versions] of model.amounts) {
    const amount = versions.at(-1);
    const expected = amount === undefined ? undefined : { ...orderKey(key), amount: { N: String(amount) } };
    expect(await getItem(orders, orderKey(key))).toEqual(expected);
  }
}

function amountChange(
  orders: string,
  orderId: string,
  expected: number | undefined,
  kind: Effect['kind'],
  number: number,
): { readonly effect: Effect; readonly change: AmountChange } {
  const key = orderKey(orderId);
  const condition = expected === undefined ? 'attribute_not_exists(amount)' : 'amount = :was';
  const values = expected === undefined ? undefined : { ':was': { N: String(expected) } };
  const change = { key: orderId, expected };
  switch (kind) {
    case 'put':
      return {
        effect: put(orders, { ...key, amount: { N: String(number) } }, { condition, values }),
        change: { ...change, after: number },
      };
    case 'update':
      return {
        effect: update(orders, key, 'ADD amount :more', { condition, values: { ...values, ':more': { N: '7' } } }),
        change: { ...change, after: (expected ?? 0) + 7 },
      };
    case 'delete':
      return { effect: remove(orders, key, { condition, values }), change: { ...change, after: undefined } };
    case 'check':
      return { effect: check(orders, key, condition, { values }), change: { ...change, after: expected } };
  }
}

function fresh<T>(key: () => string): Map<string, Versions<T>> {
  return new Map(Array.from({ length: keyCount }, () => [key(), [undefined]]));
}

function at<T>(keys: Map<string, Versions<T>>, index: number): [string, Versions<T>] {
  const found = [...keys][index];
  if (found === undefined) {
    throw new Error(`there is no key ${index}`);
  }
  return found;
}

function sameMarker(one: Marker | undefined, other: Marker | undefined): boolean {
  return (
    one?.status === other?.status &&
    one?.expiresAtSeconds === other?.expiresAtSeconds &&
    one?.leaseUntilMs === other?.leaseUntilMs &&
    one?.owner === other?.owner &&
    one?.fence === other?.fence
  );
}

function samePosition(one: Position | undefined, other: Position | undefined): boolean {
  return one?.nextOffset === other?.nextOffset && one?.generation === other?.generation;
}
