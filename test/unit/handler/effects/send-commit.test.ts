import { describe, expect, it } from 'vitest';
import { type MayPass, sendCommit } from '../../../../lib/handler/commit/send-commit.ts';
import type { CommitResult } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { commitTerms, PlannedStore, update } from './commit-parts.ts';

const writes = { marks: [], positions: [], effects: [update('a'), update('b'), update('c')] };
const cut: CommitResult = { kind: 'failed', error: new StoreError('unavailable', 'the answer was lost') };
const conflict: CommitResult = { kind: 'cancelled', reasons: ['conflict', 'none', 'none'] };
const never: MayPass = () => false;

/** Sends one commit, with the clock running, and answers how long each wait was too. */
async function send(
  answers: (place: number) => CommitResult,
  mayPass: MayPass,
  remainingMs?: number,
): Promise<{
  readonly result: CommitResult;
  readonly store: PlannedStore;
  readonly waitsMs: readonly number[];
  readonly at: 'inTime' | 'startOver' | 'hardStop';
}> {
  const { terms, clock } = commitTerms(remainingMs);
  const atMs: number[] = [];
  const store = new PlannedStore((_commit, place) => {
    atMs.push(clock.nowMs());
    return answers(place);
  });
  const result = await clock.runUntilSettled(sendCommit(terms, store, writes, mayPass));
  const { startByMs, hardStopAtMs } = terms.budget.plan;
  const nowMs = clock.nowMs();
  const waitsMs = atMs.slice(1).map((ms, index) => ms - (atMs[index] ?? 0));
  return { result, store, waitsMs, at: nowMs < startByMs ? 'inTime' : nowMs < hardStopAtMs ? 'startOver' : 'hardStop' };
}

describe('the writes of a commit', () => {
  it.each([1, 2, 7])('whose answer was lost %s times are sent again as they were, under their token', async (lost) => {
    const { result, store } = await send((place) => (place < lost ? cut : { kind: 'committed' }), never);
    expect(result).toEqual({ kind: 'committed' });
    expect(store.commits).toHaveLength(lost + 1);
    const [first] = store.commits;
    for (const commit of store.commits) expect(commit).toEqual({ ...writes, token: first?.token });
  });

  it.each<CommitResult>([conflict, { kind: 'cancelled', reasons: ['throttled', 'none', 'conflict'] }])(
    'of which nobody knows what came of them are sent again although an answer says that it may pass: %j',
    async (passing) => {
      const { result, store } = await send((place) => [cut, passing, passing][place] ?? { kind: 'committed' }, never);
      expect(result).toEqual({ kind: 'committed' });
      expect(new Set(store.commits.map(({ token }) => token)).size).toBe(1);
      expect(store.commits).toHaveLength(4);
    },
  );

  it('that were refused for good after a lost answer are not sent again', async () => {
    const refused: CommitResult = { kind: 'cancelled', reasons: ['conditionFailed', 'conflict', 'none'] };
    const { result, store } = await send((place) => (place === 0 ? cut : refused), never);
    expect(result).toBe(refused);
    expect(store.commits).toHaveLength(2);
  });

  it('have another token than others, even the same ones', async () => {
    const { terms } = commitTerms();
    const store = new PlannedStore(() => ({ kind: 'committed' }));
    await sendCommit(terms, store, writes, never);
    await sendCommit(terms, store, writes, never);
    expect(new Set(store.commits.map(({ token }) => token)).size).toBe(2);
  });

  it.each<CommitResult>([
    { kind: 'committed' },
    { kind: 'refused', error: new StoreError('unstorable', 'too large') },
    { kind: 'refused', error: new StoreError('configuration', 'no such table') },
  ])('are sent once when it is known what came of them: $kind', async (answer) => {
    const { result, store } = await send(
      () => answer,
      () => true,
    );
    expect(result).toBe(answer);
    expect(store.commits).toHaveLength(1);
  });

  it('that were cancelled are sent again, under their token, for as long as that may pass', async () => {
    const asked: unknown[] = [];
    const { result, store } = await send(
      () => conflict,
      (cancelled, tries) => {
        asked.push([cancelled, tries]);
        return tries < 3;
      },
    );
    expect(result).toBe(conflict);
    expect(asked).toEqual([0, 1, 2, 3].map((tries) => [conflict, tries]));
    expect(new Set(store.commits.map(({ token }) => token)).size).toBe(1);
    expect(store.commits).toHaveLength(4);
  });

  it('wait longer each time, up to two seconds', async () => {
    const { waitsMs } = await send((place) => (place < 9 ? cut : { kind: 'committed' }), never);
    const ceilings = [50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000];
    expect(waitsMs).toHaveLength(ceilings.length);
    for (const [index, ceiling] of ceilings.entries()) {
      expect(waitsMs[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(waitsMs[index]).toBeLessThanOrEqual(ceiling);
    }
  });
});

describe('a commit of which nobody knows what came of it', () => {
  it('is tried to the end of the time, also when nothing new may start, and has failed then', async () => {
    const { result, at, waitsMs } = await send(() => cut, never, 40_000);
    expect(result).toBe(cut);
    expect(at).toBe('hardStop');
    expect(waitsMs.length).toBeGreaterThan(15);
  });

  it('has failed when the time was over while it was cancelled by what may pass', async () => {
    const { result, at } = await send(
      () => conflict,
      () => true,
      40_000,
    );
    expect(result).toMatchObject({ kind: 'failed', error: { kind: 'unavailable' } });
    expect(at).toBe('hardStop');
  });
});
