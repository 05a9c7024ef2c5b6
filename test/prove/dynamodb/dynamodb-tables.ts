import { createHash } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/commit-store.ts';
import type { Commit, TransactionalStore } from '../../../lib/ports/commit-store.ts';
import { freshTable } from '../../support/fresh.ts';
import { type EffectTables, runOf } from '../systems/effect-tables.ts';
import type { EffectSeen } from '../world.ts';

/** Tables of a real DynamoDB, which all schedules share. */
export interface DynamoDbTables {
  readonly store: TransactionalStore;
  /** The tables as one schedule sees them. */
  forSchedule(): EffectTables;
  /** How often each item of each table was added to. */
  counts(): Promise<readonly ReadonlyMap<string, number>[]>;
  /** The items that the schedules were told of. */
  readonly told: ReadonlySet<string>;
}

export async function dynamoDbTables(client: DynamoDBClient): Promise<DynamoDbTables> {
  const store = dynamoDbStore({ tableName: await freshTable(), client });
  const names = [await freshTable(), await freshTable()] as const;
  const doneName = await freshTable();
  const told = new Set<string>();
  return {
    store,
    told,
    forSchedule: () => {
      const items: string[] = [];
      const tokens = new Set<string>();
      return {
        names,
        doneName,
        item: async (id) => {
          const Key = { id: { S: id } };
          const { Item } = await client.send(new GetItemCommand({ TableName: doneName, Key, ConsistentRead: true }));
          return Item && { version: Item.version?.N === undefined ? undefined : Number(Item.version.N) };
        },
        place: async (id) => {
          await client.send(new PutItemCommand({ TableName: doneName, Item: { id: { S: id } } }));
        },
        // A commit that DynamoDB answers twice for one token happened once.
        store: whenCommitted(store, doneName, ({ token, effects }) => {
          if (tokens.has(token)) return;
          tokens.add(token);
          for (const effect of effects) {
            if (effect.kind !== 'update' || effect.table !== names[0]) continue;
            const id = effect.key.id;
            if (id === undefined || !('S' in id)) continue;
            items.push(id.S);
            told.add(id.S);
          }
        }),
        effects: (world) =>
          items.map((item): EffectSeen => {
            const run = runOf(item, world);
            return { run, at: run.startedAt, isLate: false };
          }),
      };
    },
    counts: () => Promise.all(names.map((name) => countsIn(client, name))),
  };
}

function whenCommitted(store: TransactionalStore, salt: string, tell: (commit: Commit) => void): TransactionalStore {
  return {
    insert: (claims, call) => store.insert(claims, call),
    takeOver: (claims, call) => store.takeOver(claims, call),
    renew: (renewals, call) => store.renew(renewals, call),
    complete: (completions, call) => store.complete(completions, call),
    release: (releases, call) => store.release(releases, call),
    read: (keys, call) => store.read(keys, call),
    markCompleted: (markers, call) => store.markCompleted(markers, call),
    setMarks: (marks, call) => store.setMarks(marks, call),
    readPositions: (keys, call) => store.readPositions(keys, call),
    commit: async (commit, call) => {
      // Systems draw the same tokens, and DynamoDB remembers them for its whole account.
      const token = createHash('sha256').update(`${salt} ${commit.token}`).digest('hex').slice(0, 36);
      const result = await store.commit({ ...commit, token }, call);
      if (result.kind === 'committed') tell(commit);
      return result;
    },
  };
}

async function countsIn(client: DynamoDBClient, table: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    for (const { id, count } of Items) counts.set(id?.S ?? '', Number(count?.N));
  return counts;
}
