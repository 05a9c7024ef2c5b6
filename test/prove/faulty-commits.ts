import type {
  CancellationReason,
  Commit,
  CommitResult,
  CommitStore,
  ReadPositionResult,
  SetMarkResult,
} from '../../lib/ports/commit-store.ts';
import type { Failed, StoreCall } from '../../lib/ports/idempotency-store.ts';
import { type StoreParts, sent, unavailable } from './faulty-store.ts';

/** A process's way to what commits, beside `FaultyStore`. */
export function faultyCommits(parts: StoreParts, inner: CommitStore): CommitStore {
  return {
    commit: (commit, call) => commitOnce(parts, inner, commit, call),
    setMarks: (marks, { signal }) => {
      const { world, host } = parts;
      const keys = marks.map(({ idempotencyKey }) => idempotencyKey);
      return each<(typeof marks)[number], SetMarkResult>(parts, 'setMarks', marks, signal, {
        send: async (some) => {
          const results = await inner.setMarks(some, sent);
          for (const [index, { idempotencyKey }] of some.entries()) {
            if (results[index]?.kind === 'marked') world.claims.markedBy(host, idempotencyKey, world.nextEvent());
            // Another invocation stands in the way of it.
            else world.claims.markingFailedOf(host, idempotencyKey);
          }
          return results;
        },
        struck: () => {
          for (const key of keys) world.claims.markingFailedOf(host, key);
        },
      });
    },
    readPositions: (keys, { signal }) =>
      each<string, ReadPositionResult>(parts, 'readPositions', keys, signal, {
        send: (some) => inner.readPositions(some, sent),
      }),
  };
}

function commitOnce(
  { injector, host, world }: StoreParts,
  inner: CommitStore,
  commit: Commit,
  { signal }: StoreCall,
): Promise<CommitResult> {
  const cancelledFor = (reason: CancellationReason): CommitResult => {
    const writes = commit.marks.length + commit.positions.length + commit.effects.length;
    // One of them meets another transaction: the last, so that of a group the last member is blamed.
    return {
      kind: 'cancelled',
      reasons: Array.from({ length: writes }, (_, at) => (at === writes - 1 ? reason : 'none')),
    };
  };
  return injector.call<CommitResult>(host, 'commit', {
    carryOut: () => world.clock.during(inner.commit(commit, sent)),
    failed: unavailable,
    throttlePartly: () => Promise.resolve(cancelledFor('throttled')),
    conflicted: () => cancelledFor('conflict'),
    signal,
  });
}

function each<Item, Result>(
  { injector, host, world }: StoreParts,
  site: 'setMarks' | 'readPositions',
  items: readonly Item[],
  signal: AbortSignal,
  call: { send(items: readonly Item[]): Promise<readonly Result[]>; struck?(): void },
): Promise<readonly (Result | Failed)[]> {
  return injector.call<readonly (Result | Failed)[]>(host, site, {
    carryOut: () => world.clock.during(call.send(items)),
    failed: (why) => items.map(() => unavailable(why)),
    struck: () => call.struck?.(),
    signal,
  });
}
