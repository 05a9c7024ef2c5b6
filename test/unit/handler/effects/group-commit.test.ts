import { describe, expect, it } from 'vitest';
import { Expectation } from '../../../../lib/handler/commit/expectation.ts';
import { GroupCommit } from '../../../../lib/handler/commit/group-commit.ts';
import type { CancellationReason, Commit, CommitResult } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { commitTerms, membersOf, type PlainMember, PlannedStore, put, unitOf, update } from './commit-parts.ts';
import { PlainMode } from './plain-mode.ts';

const committed: CommitResult = { kind: 'committed' };
const cut: CommitResult = { kind: 'failed', error: new StoreError('unavailable', 'the answer was lost') };
const noTable: CommitResult = { kind: 'refused', error: new StoreError('configuration', 'no such table') };
const untold: CommitResult = { kind: 'cancelled', reasons: undefined };

/** Cancels a commit because of the items with these IDs; of a record's mark by its key and `mark`. */
function against(reasons: Readonly<Record<string, CancellationReason>>): (commit: Commit) => CommitResult {
  return ({ marks, effects }) => ({
    kind: 'cancelled',
    reasons: [
      ...marks.map(({ idempotencyKey }) => reasons[`mark ${idempotencyKey}`] ?? 'none'),
      ...effects.map((effect) => {
        const { id } = effect.kind === 'put' ? effect.item : effect.key;
        return (id !== undefined && 'S' in id ? reasons[id.S] : undefined) ?? 'none';
      }),
    ],
  });
}

interface Request {
  /** The records that commit, as `partition@offset`. */
  readonly keys: readonly string[];
  readonly atMs: number;
  answer(result: CommitResult | ((commit: Commit) => CommitResult)): Promise<void>;
}

/** An engine over a store that answers when it is told to. */
class Bench {
  readonly #parts = commitTerms();
  readonly clock = this.#parts.clock;
  readonly terms = this.#parts.terms;
  readonly observations = this.#parts.observations;
  readonly mode = new PlainMode();
  readonly expectation = new Expectation();
  readonly #startedAtMs = this.clock.nowMs();
  readonly #timers = this.clock.pending;
  readonly requests: Request[] = [];
  #seen = 0;
  readonly store = new PlannedStore((commit) => {
    const { promise, resolve } = Promise.withResolvers<CommitResult>();
    this.requests.push({
      keys: commit.marks.map(({ idempotencyKey }) => idempotencyKey),
      atMs: this.clock.nowMs() - this.#startedAtMs,
      answer: async (result) => {
        resolve(typeof result === 'function' ? result(commit) : result);
        await this.clock.settle();
      },
    });
    return promise;
  });
  readonly engine = new GroupCommit<string, PlainMember>({
    terms: this.terms,
    store: this.store,
    mode: this.mode,
    expectation: this.expectation,
  });

  /** Offers them together: nothing is sent before all are there. */
  async offer(...members: readonly (PlainMember | undefined)[]): Promise<void> {
    this.expectation.enter();
    for (const member of members) if (member !== undefined) void this.engine.offer(member);
    this.expectation.leave();
    await this.clock.settle();
  }

  /** The timers of the engine that are waiting. */
  get timers(): number {
    return this.clock.pending - this.#timers;
  }

  /** The requests that came since this was asked last. */
  sent(): readonly (readonly string[])[] {
    const since = this.requests.slice(this.#seen);
    this.#seen = this.requests.length;
    return since.map(({ keys }) => keys);
  }

  request(place: number): Request {
    const request = this.requests.at(place);
    if (request === undefined) throw new Error(`no request ${place}`);
    return request;
  }

  /** Answers the request for these records that came last. */
  async answer(keys: string, result: CommitResult | ((commit: Commit) => CommitResult)): Promise<void> {
    const request = this.requests.findLast((one) => one.keys.join(' ') === keys);
    if (request === undefined) throw new Error(`no request for ${keys}`);
    await request.answer(result);
  }
}

const kinds = (members: readonly PlainMember[]): readonly string[] =>
  members.map(({ ended }) => ended.map(({ kind }) => kind).join(' '));

/** One record of each of so many units, from `0@0` on. */
const oneOfEach = (count: number): readonly PlainMember[] =>
  Array.from({ length: count }, (_, partition) => membersOf(unitOf(1, partition))).flat();

describe('a group of which nobody knows what came of it', () => {
  it('is sent again with the same writes under its token, and then it is committed', async () => {
    const bench = new Bench();
    const members = oneOfEach(3);
    await bench.offer(...members);
    for (let lost = 0; lost < 4; lost += 1) {
      await bench.request(-1).answer(cut);
      await bench.clock.advance(2_000);
    }
    expect(bench.sent()).toEqual(Array.from({ length: 5 }, () => ['0@0', '1@0', '2@0']));
    expect(kinds(members)).toEqual(['', '', '']);
    const [first] = bench.store.commits;
    for (const commit of bench.store.commits) expect(commit).toEqual(first);
    await bench.request(-1).answer(committed);
    expect(kinds(members)).toEqual(['committed', 'committed', 'committed']);
    expect(bench.mode.told).toEqual(members);
  });

  it('has failed at the end of the time, the first of each unit with the reason', async () => {
    const bench = new Bench();
    const [units, others] = [membersOf(unitOf(3, 0)), membersOf(unitOf(2, 1))];
    await bench.offer(...units, ...others);
    await bench.clock.advance(60_000);
    expect(kinds([...units, ...others])).toEqual(['failed', 'dropped', 'dropped', 'failed', 'dropped']);
    expect(bench.sent()).toEqual([['0@0', '0@1', '0@2', '1@0', '1@1']]);
    expect(bench.mode.told).toEqual([]);
  });

  it('has failed when the mode cannot even say what it writes', async () => {
    const bench = new Bench();
    const members = oneOfEach(2);
    bench.mode.writesOf = () => {
      throw new Error('a bug');
    };
    await bench.offer(...members);
    expect(kinds(members)).toEqual(['failed', 'failed']);
  });

  it('has failed when nobody can say why a single one was refused', async () => {
    const bench = new Bench();
    const [member] = oneOfEach(1);
    bench.mode.review = () => Promise.reject(new Error('a bug'));
    await bench.offer(member);
    await bench.answer('0@0', against({ '0@0': 'conditionFailed' }));
    expect(kinds(member === undefined ? [] : [member])).toEqual(['failed']);
  });
});

describe('a group that is cancelled', () => {
  it.each(['conditionFailed', 'conflict', 'invalid'] as const)(
    'for one member (%s) goes without it at once, and that one alone',
    async (reason) => {
      for (const blamed of ['1@0', 'mark 1@0']) {
        const bench = new Bench();
        await bench.offer(...oneOfEach(4));
        await bench.answer('0@0 1@0 2@0 3@0', against({ [blamed]: reason }));
        expect(bench.sent()).toEqual([['0@0', '1@0', '2@0', '3@0'], ['0@0', '2@0', '3@0'], ['1@0']]);
        expect(new Set(bench.requests.map(({ atMs }) => atMs)).size).toBe(1);
        expect(new Set(bench.store.commits.map(({ token }) => token)).size).toBe(3);
      }
    },
  );

  it('for more than one blames only these', async () => {
    const bench = new Bench();
    await bench.offer(...oneOfEach(5));
    await bench.request(0).answer(against({ '1@0': 'conflict', '3@0': 'conditionFailed' }));
    expect(bench.sent().slice(1)).toEqual([['0@0', '2@0', '4@0'], ['1@0'], ['3@0']]);
  });

  it('for throttling is repeated three times under its token, longer apart each time; then one is to blame', async () => {
    const bench = new Bench();
    await bench.offer(...oneOfEach(3));
    for (let tries = 0; tries < 3; tries += 1) {
      const before = bench.requests.length;
      await bench.request(-1).answer(against({ '1@0': 'throttled', '2@0': 'conflict' }));
      expect(bench.requests).toHaveLength(before);
      await bench.clock.advance(50 * 2 ** tries);
      expect(bench.requests).toHaveLength(before + 1);
    }
    expect(bench.sent()).toEqual(Array.from({ length: 4 }, () => ['0@0', '1@0', '2@0']));
    expect(new Set(bench.store.commits.map(({ token }) => token)).size).toBe(1);
    await bench.request(-1).answer(against({ '1@0': 'throttled' }));
    expect(bench.sent()).toEqual([['0@0', '2@0'], ['1@0']]);
  });

  it('is not repeated as it is when anything but time stands against it too', async () => {
    const bench = new Bench();
    await bench.offer(...oneOfEach(3));
    await bench.request(0).answer(against({ '0@0': 'throttled', '1@0': 'conditionFailed' }));
    expect(bench.sent().slice(1)).toEqual([['0@0'], ['1@0'], ['2@0']]);
    expect(bench.timers).toBe(0);
  });

  it.each<readonly [string, CommitResult]>([
    ['without reasons', untold],
    ['with reasons that are not one for each write', { kind: 'cancelled', reasons: ['conflict'] }],
    ['with reasons against nobody', { kind: 'cancelled', reasons: Array.from({ length: 10 }, () => 'none') }],
    ['as a whole', noTable],
  ])('%s is halved, at once', async (_how, answer) => {
    const bench = new Bench();
    await bench.offer(...oneOfEach(5));
    await bench.request(0).answer(answer);
    expect(bench.sent().slice(1)).toEqual([['0@0', '1@0'], ['2@0', '3@0'], ['4@0']]);
    expect(bench.requests.map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0]);
    await bench.request(1).answer(answer);
    expect(bench.sent()).toEqual([['0@0'], ['1@0']]);
  });
});

describe('the records of one unit', () => {
  it('commit in order: those behind wait while some are on their way', async () => {
    const bench = new Bench();
    const [first, second, third] = membersOf(unitOf(3));
    await bench.offer(first);
    await bench.offer(second);
    await bench.offer(third);
    expect(bench.sent()).toEqual([['0@0']]);
    await bench.answer('0@0', committed);
    expect(bench.sent()).toEqual([['0@1', '0@2']]);
  });

  it('wait until those before are settled, which others do not', async () => {
    const bench = new Bench();
    const [first, second] = membersOf(unitOf(2));
    const [other] = membersOf(unitOf(1, 1), () => [update('0@0')]);
    const { promise, resolve } = Promise.withResolvers<void>();
    if (first !== undefined) first.onSettle = () => promise;
    await bench.offer(first);
    await bench.offer(second, other);
    expect(bench.sent()).toEqual([['0@0']]);
    await bench.answer('0@0', committed);
    expect(bench.sent()).toEqual([['1@0']]);
    resolve();
    await bench.clock.settle();
    expect(bench.sent()).toEqual([['0@1']]);
  });

  it('keep their order when they are sent again', async () => {
    const bench = new Bench();
    const members = membersOf(unitOf(4));
    await bench.offer(...members);
    await bench.request(0).answer(against({ '0@1': 'conflict' }));
    for (const key of ['0@0', '0@1']) await bench.answer(key, committed);
    expect(bench.sent()).toEqual([['0@0', '0@1', '0@2', '0@3'], ['0@0'], ['0@1'], ['0@2', '0@3']]);
    await bench.request(-1).answer(noTable);
    for (const key of ['0@2', '0@3']) await bench.answer(key, committed);
    expect(bench.sent()).toEqual([['0@2'], ['0@3']]);
    expect(kinds(members)).toEqual(['committed', 'committed', 'committed', 'committed']);
  });

  it('are settled one after the other, those of another unit meanwhile', async () => {
    const bench = new Bench();
    const unit = membersOf(unitOf(2));
    const [other] = membersOf(unitOf(1, 1));
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const member of unit.slice(0, 1)) member.onSettle = () => promise;
    await bench.offer(...unit, other);
    await bench.request(0).answer(committed);
    expect(kinds([...unit, ...(other === undefined ? [] : [other])])).toEqual(['committed', '', 'committed']);
    resolve();
    await bench.clock.settle();
    expect(kinds(unit)).toEqual(['committed', 'committed']);
  });
});

describe('behind a record that is not done', () => {
  const refused = against({ '0@0': 'conditionFailed' });

  it('nothing of its unit is sent: neither what was sent with it, nor what waits, nor what comes later', async () => {
    const bench = new Bench();
    const members = membersOf(unitOf(5));
    await bench.offer(members[0], members[1]);
    await bench.offer(members[2]);
    await bench.answer('0@0 0@1', refused);
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const member of members.slice(0, 1)) member.onSettle = () => promise;
    await bench.answer('0@0', refused);
    await bench.offer(members[3]);
    resolve();
    await bench.clock.settle();
    await bench.offer(members[4]);
    await bench.clock.advance(1_000);
    expect(bench.sent()).toEqual([['0@0', '0@1'], ['0@0']]);
    expect(kinds(members)).toEqual(['conditionFailed', 'dropped', 'dropped', 'dropped', 'dropped']);
  });

  it('that could not be settled, nothing is done, whatever was written', async () => {
    const bench = new Bench();
    const members = membersOf(unitOf(3));
    for (const member of members.slice(0, 1)) member.onSettle = () => Promise.reject(new Error('a bug'));
    await bench.offer(members[0], members[1]);
    await bench.offer(members[2]);
    await bench.request(0).answer(committed);
    expect(kinds(members)).toEqual(['committed', 'dropped', 'dropped']);
    expect(bench.sent()).toEqual([['0@0', '0@1']]);
    expect(members[0]?.entry.unit.stopped).toBe(true);
    expect(bench.observations).toContainEqual({ type: 'warning', message: 'orders-0@0: could not be settled' });
  });

  it('other units go on', async () => {
    const bench = new Bench();
    const members = membersOf(unitOf(2));
    const others = membersOf(unitOf(3, 1));
    await bench.offer(...members, ...others.slice(0, 2));
    await bench.request(0).answer(refused);
    await bench.answer('0@0', refused);
    await bench.answer('1@0 1@1', committed);
    await bench.offer(...others.slice(2));
    await bench.answer('1@2', committed);
    expect(kinds(others)).toEqual(['committed', 'committed', 'committed']);
  });

  it('the unit commits again once it is reopened', async () => {
    const bench = new Bench();
    const unit = unitOf(2);
    const members = membersOf(unit);
    await bench.offer(...members);
    await bench.request(0).answer(refused);
    await bench.answer('0@0', refused);
    expect(kinds(members)).toEqual(['conditionFailed', 'dropped']);
    bench.sent();
    bench.engine.reopen(unit);
    const again = membersOf(unit);
    await bench.offer(...again);
    expect(bench.sent()).toEqual([['0@0', '0@1']]);
    await bench.request(-1).answer(committed);
    expect(kinds(again)).toEqual(['committed', 'committed']);
  });

  it('a unit may be reopened as soon as the last of it is settled', async () => {
    for (const answer of [committed, refused]) {
      const bench = new Bench();
      const [first, second] = membersOf(unitOf(2));
      if (first === undefined || second === undefined) throw new Error('two were made');
      const both = bench.engine.offer(first).then(() => {
        bench.engine.reopen(first.entry.unit);
        return bench.engine.offer(second);
      });
      await bench.answer('0@0', answer);
      await bench.answer('0@1', committed);
      await both;
      expect(kinds([second])).toEqual(['committed']);
    }
  });

  it('no timer is left for what was dropped', async () => {
    const bench = new Bench();
    const members = membersOf(unitOf(3));
    await bench.offer(members[0]);
    bench.expectation.enter();
    for (const member of members.slice(1)) void bench.engine.offer(member);
    expect(bench.timers).toBe(1);
    await bench.answer('0@0', refused);
    expect(kinds(members)).toEqual(['conditionFailed', 'dropped', 'dropped']);
    expect(bench.timers).toBe(0);
  });
});

describe('an item that a commit on its way writes', () => {
  it.each<readonly [string, CommitResult | ((commit: Commit) => CommitResult)]>([
    ['committed', committed],
    ['refused', noTable],
    ['cancelled', against({ a: 'conditionFailed' })],
  ])('is touched by no other before that one is %s', async (_how, answer) => {
    const bench = new Bench();
    const [first] = membersOf(unitOf(1, 0), () => [update('a')]);
    const [second] = membersOf(unitOf(1, 1), () => [update('b'), update('a')]);
    const [third] = membersOf(unitOf(1, 2));
    await bench.offer(first);
    await bench.offer(second, third);
    expect(bench.sent()).toEqual([['0@0'], ['2@0']]);
    await bench.answer('2@0', committed);
    expect(bench.sent()).toEqual([]);
    await bench.answer('0@0', answer);
    expect(bench.sent()).toEqual([['1@0']]);
  });

  it('is touched by no other in a group either, and is free when all are answered', async () => {
    const bench = new Bench();
    const on = (partition: number, id: string): readonly PlainMember[] =>
      membersOf(unitOf(1, partition), () => [update(id)]);
    await bench.offer(...on(0, 'a'), ...on(1, 'b'), ...on(2, 'a'), ...on(3, 'a'));
    expect(bench.sent()).toEqual([['0@0', '1@0']]);
    await bench.request(-1).answer(against({ a: 'conflict' }));
    expect(bench.sent()).toEqual([['2@0'], ['1@0']]);
    await bench.answer('2@0', committed);
    expect(bench.sent()).toEqual([['0@0']]);
    await bench.answer('0@0', committed);
    expect(bench.sent()).toEqual([['3@0']]);
  });

  it('is known of a put once any effect has named the key of its table', async () => {
    const bench = new Bench();
    const putting = membersOf(unitOf(1, 0), () => [put('a')]);
    await bench.offer(...membersOf(unitOf(1, 1), () => [update('b')]));
    await bench.offer(...putting, ...membersOf(unitOf(1, 2), () => [update('a')]));
    expect(bench.sent()).toEqual([['1@0'], ['0@0']]);
  });
});

describe('a group waits for company', () => {
  it('while some may come, for four milliseconds', async () => {
    const bench = new Bench();
    bench.expectation.enter();
    const [first, second] = oneOfEach(2);
    for (const member of [first, second]) if (member !== undefined) void bench.engine.offer(member);
    await bench.clock.advance(3);
    expect(bench.sent()).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.sent()).toEqual([['0@0', '1@0']]);
    expect(bench.timers).toBe(0);
  });

  it('and no longer when nobody is left who may bring some', async () => {
    const bench = new Bench();
    bench.expectation.enter();
    bench.expectation.enter();
    const [member] = oneOfEach(1);
    if (member !== undefined) void bench.engine.offer(member);
    bench.expectation.leave();
    await bench.clock.settle();
    expect(bench.sent()).toEqual([]);
    bench.expectation.leave();
    await bench.clock.settle();
    expect(bench.sent()).toEqual([['0@0']]);
    expect(bench.timers).toBe(0);
  });

  it('and no longer when it is full; the rest waits on', async () => {
    const bench = new Bench();
    bench.expectation.enter();
    for (const member of oneOfEach(51)) void bench.engine.offer(member);
    await bench.clock.settle();
    expect(bench.sent().map((keys) => keys.length)).toEqual([50]);
    expect(bench.timers).toBe(1);
    await bench.clock.advance(4);
    expect(bench.sent()).toEqual([['50@0']]);
  });

  it('not at all for one that is committed by itself', async () => {
    const bench = new Bench();
    bench.expectation.enter();
    const [member] = oneOfEach(1);
    if (member === undefined) throw new Error('one was made');
    const ended = bench.engine.now(member);
    await bench.answer('0@0', committed);
    expect(await ended).toEqual(committed);
    expect(bench.mode.told).toEqual([member]);
  });
});

describe('commits on their way', () => {
  it('are eight groups at most; the next goes when one is answered', async () => {
    const bench = new Bench();
    const pairs = Array.from({ length: 20 }, (_, partition) =>
      membersOf(unitOf(1, partition), ({ received }) =>
        Array.from({ length: 49 }, (_n, n) => update(`${received.partition}-${n}`)),
      ),
    ).flat();
    await bench.offer(...pairs);
    expect(bench.sent()).toHaveLength(8);
    await bench.request(0).answer(committed);
    expect(bench.sent()).toEqual([['16@0', '17@0']]);
    await bench.request(3).answer(committed);
    expect(bench.sent()).toEqual([['18@0', '19@0']]);
  });

  it('of records that are decided alone are eight more, which keep nobody else waiting', async () => {
    const bench = new Bench();
    const blamed = oneOfEach(12);
    await bench.offer(...blamed);
    const reasons = Object.fromEntries(blamed.map((_, partition) => [`${partition}@0`, 'conflict' as const]));
    await bench.request(0).answer(against(reasons));
    expect(bench.sent().slice(1)).toEqual(Array.from({ length: 8 }, (_, partition) => [`${partition}@0`]));
    await bench.offer(...membersOf(unitOf(1, 20)), ...membersOf(unitOf(1, 21)));
    expect(bench.sent()).toEqual([['20@0', '21@0']]);
    await bench.answer('3@0', committed);
    expect(bench.sent()).toEqual([['8@0']]);
  });
});
