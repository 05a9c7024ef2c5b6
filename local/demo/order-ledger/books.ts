import { formatCoordinates } from '../../../lib/core/coordinates.ts';
import type { StoredRecord } from '../topic.ts';
import type { Step } from './step.ts';

export interface OrderRow {
  readonly accountId: string;
  readonly amountCents: number;
  readonly status: string;
}

export interface AccountRow {
  /** What the account owes. */
  readonly balanceCents: number;
  /** How often the balance was moved. */
  readonly version: number;
}

/** Orders and accounts by their IDs. */
export interface Books {
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly accounts: ReadonlyMap<string, AccountRow>;
}

/** What a topic asks for. */
export interface ExpectedBooks extends Books {
  /** Steps that are to be booked, each once. */
  readonly steps: number;
  /** Records that are to become dead letters, as `topic-partition@offset`. */
  readonly refused: ReadonlySet<string>;
}

/**
 * The books as the records of a topic say, all of an order in one partition and in its order.
 *
 * A balance is the sum of what is placed and neither paid nor cancelled, and no sum of moves: so a move too many shows.
 */
export function expectedBooks(records: readonly StoredRecord<Step | undefined>[]): ExpectedBooks {
  const orders = new Map<string, OrderRow>();
  const booked = new Set<string>();
  const refused = new Set<string>();
  const versions = new Map<string, number>();
  for (const record of records) {
    const { what: step } = record;
    const name = step === undefined ? undefined : `${step.orderId} ${step.status}`;
    if (name !== undefined && booked.has(name)) continue;
    const before = step === undefined ? undefined : orders.get(step.orderId)?.status;
    if (step === undefined || name === undefined || before !== (step.status === 'PLACED' ? undefined : 'PLACED')) {
      refused.add(formatCoordinates(record));
      continue;
    }
    const { orderId, ...row } = step;
    booked.add(name);
    orders.set(orderId, row);
    versions.set(row.accountId, (versions.get(row.accountId) ?? 0) + 1);
  }
  const open = [...orders.values()].filter(({ status }) => status === 'PLACED');
  const owedBy = Map.groupBy(open, ({ accountId }) => accountId);
  const accounts = [...versions].map(([accountId, version]): [string, AccountRow] => {
    const balanceCents = (owedBy.get(accountId) ?? []).reduce((sum, { amountCents }) => sum + amountCents, 0);
    return [accountId, { balanceCents, version }];
  });
  return { orders, accounts: new Map(accounts), steps: booked.size, refused };
}
