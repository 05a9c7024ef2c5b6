import type { TransactionalStore } from '../../lib/ports/commit-store.ts';
import type { ReleaseWrite } from '../../lib/ports/idempotency-store.ts';
import { StoreError } from '../../lib/ports/store-error.ts';

/**
 * A store that notes for each call which IAM actions it takes in DynamoDB, by hand from `lib/adapters/dynamodb`.
 *
 * `loseInsertions`: inserts are carried out, and nobody is told.
 */
export function watchedActions(
  store: TransactionalStore,
  used: Set<string>,
  loseInsertions: () => boolean,
): TransactionalStore {
  const use = (writes: readonly unknown[], ...actions: readonly string[]): void => {
    if (writes.length > 0) for (const action of actions) used.add(`dynamodb:${action}`);
  };
  const releaseAction = ({ to }: ReleaseWrite): string => (to === 'erase' ? 'PartiQLDelete' : 'PartiQLUpdate');
  return {
    insert: async (claims, call) => {
      use(claims, 'PartiQLInsert');
      const results = await store.insert(claims, call);
      if (!loseInsertions()) return results;
      return results.map(() => ({ kind: 'failed', error: new StoreError('unavailable', 'lost') }));
    },
    takeOver: (claims, call) => {
      use(claims, 'PartiQLUpdate');
      return store.takeOver(claims, call);
    },
    renew: (renewals, call) => {
      use(renewals, 'PartiQLUpdate');
      return store.renew(renewals, call);
    },
    complete: (completions, call) => {
      use(completions, 'PartiQLUpdate');
      return store.complete(completions, call);
    },
    release: (releases, call) => {
      use(releases, ...releases.map(releaseAction));
      return store.release(releases, call);
    },
    read: (keys, call) => {
      use(keys, 'BatchGetItem');
      return store.read(keys, call);
    },
    markCompleted: (markers, call) => {
      use(markers, 'BatchWriteItem');
      return store.markCompleted(markers, call);
    },
    setMarks: (marks, call) => {
      use(marks, ...marks.map(({ seen }) => (seen === undefined ? 'PartiQLInsert' : 'PartiQLUpdate')));
      return store.setMarks(marks, call);
    },
    readPositions: (keys, call) => {
      use(keys, 'BatchGetItem');
      return store.readPositions(keys, call);
    },
    commit: (commit, call) => {
      use([...commit.marks, ...commit.positions], 'PutItem');
      return store.commit(commit, call);
    },
  };
}
