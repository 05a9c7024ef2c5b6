import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { IdempotencyStore } from '../../../lib/ports/idempotency-store.ts';
import { storeWith } from '../../support/store-with.ts';
import { prove } from '../prove.ts';
import type { Invoke, System } from '../system.ts';
import { claimSystem } from '../systems/claim.ts';
import { type Row, total } from '../tally.ts';

// A judge that never finds anything proves nothing: here the things it looks for are there.

async function totalOf(system: System, schedules = 600): Promise<Row> {
  return total(await prove(system, { seed: 7, from: 0, schedules }));
}

/** The mode `claim` over stores with some operations gone wrong. */
function over(broken: (store: MemoryStore) => Partial<IdempotencyStore>): System {
  return claimSystem(() => {
    const store = new MemoryStore();
    return storeWith(broken(store), store);
  });
}

/** The mode `claim`, with another answer to Lambda. */
function answering(change: (invoke: Invoke) => Invoke): System {
  const system = claimSystem();
  return {
    ...system,
    open: (world, injector) => {
      const open = system.open(world, injector);
      return { ...open, start: (host) => change(open.start(host)) };
    },
  };
}

function outsideWindow({ doubled, inWindow }: Row): number {
  return doubled - inWindow;
}

describe('the proof', () => {
  it('finds nothing where nothing is planted', async () => {
    expect(await totalOf(claimSystem())).toMatchObject({ lost: 0, outOfOrder: 0, stuck: 0 });
  });

  it('finds a failure that is answered as a success', async () => {
    const found = await totalOf(answering((invoke) => (event, context) => invoke(event, context).catch(() => ({}))));
    expect(found.lost).toBeGreaterThan(0);
  });

  it('finds an answer that leaves out one of the undone records', async () => {
    const system = answering((invoke) => async (event, context) => {
      const answer = await invoke(event, context);
      const hasFailures = typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer;
      if (!hasFailures || !Array.isArray(answer.batchItemFailures)) return answer;
      return { batchItemFailures: answer.batchItemFailures.slice(0, -1) };
    });
    expect((await totalOf(system)).lost).toBeGreaterThan(0);
  });

  it('finds a claim that ignores the lease of another', async () => {
    const system = over((store) => ({
      insert: (claims, call) => {
        for (const { idempotencyKey } of claims)
          if (store.peek(idempotencyKey)?.status === 'INPROGRESS') store.poke(idempotencyKey, undefined);
        return store.insert(claims, call);
      },
    }));
    expect(outsideWindow(await totalOf(system))).toBeGreaterThan(0);
  });

  it('finds a release that erases what a later owner did', async () => {
    const system = over((store) => ({
      release: (releases, call) => {
        for (const { idempotencyKey } of releases) store.poke(idempotencyKey, undefined);
        return store.release(releases, call);
      },
    }));
    expect(outsideWindow(await totalOf(system))).toBeGreaterThan(0);
  });

  it('finds a completion that is answered and not written', async () => {
    const system = over(() => ({
      complete: (completions) => Promise.resolve(completions.map(() => ({ kind: 'completed' }))),
    }));
    expect(outsideWindow(await totalOf(system))).toBeGreaterThan(0);
  });

  it('finds records that are handled in the wrong order', async () => {
    const system = answering((invoke) => (event, context) => invoke(backwards(event), context));
    expect((await totalOf(system)).outOfOrder).toBeGreaterThan(0);
  });

  it('finds a partition that is blocked for ever', async () => {
    const system = answering(() => () => Promise.reject(new Error('never')));
    expect((await totalOf(system, 20)).stuck).toBe(20);
  });
});

/** The event with the records of each partition in the opposite order. */
function backwards(event: unknown): unknown {
  return JSON.parse(JSON.stringify(event), (_name, member: unknown) =>
    Array.isArray(member) ? member.toReversed() : member,
  );
}
