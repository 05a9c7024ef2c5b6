import type { Randomness } from '../../../lib/ports/randomness.ts';
import type { OrderRecord } from '../order-records.ts';
import type { Step } from './step.ts';

/** The records for the ledger, and how many steps there are to book in them. */
export interface StepRecords {
  readonly records: readonly OrderRecord[];
  readonly steps: number;
}

interface PlacedOrder {
  readonly partition: number;
  readonly key: Uint8Array;
  readonly step: Step;
}

const accounts = 60;
const duplicateShare = 0.1;
const wrongShare = 0.03;
const poisonShare = 0.01;
const placedShare = 0.6;
/** Orders whose Kafka key is not their account: somebody else moves its balance at the same time. */
const strayShare = 0.05;

const poison: readonly (Uint8Array | undefined)[] = [
  undefined,
  Uint8Array.from([0xff, 0xfe]),
  json({ orderId: 'broken', accountId: 'account-0', status: 'PLACED', amountCents: '100' }),
  json({ orderId: 'broken', accountId: 'account-0', status: 'SHIPPED', amountCents: 100 }),
];

/**
 * Makes the records for the ledger: `count` of them, in the order in which they are produced.
 *
 * All steps of an order are in one partition, most orders of an account as well. Among them are steps that are repeated,
 * steps that their orders cannot take, and what is no step at all.
 */
export function stepRecords(count: number, partitions: number, randomness: Pick<Randomness, 'fraction'>): StepRecords {
  const pick = (below: number): number => Math.floor(randomness.fraction() * below);
  const open: PlacedOrder[] = [];
  const closed: PlacedOrder[] = [];
  const records: OrderRecord[] = [];
  let steps = 0;

  const newOrder = (): PlacedOrder => {
    const account = pick(accounts);
    const [orderId, accountId] = [`order-${records.length}`, `account-${account}`];
    const isStray = randomness.fraction() < strayShare;
    return {
      partition: isStray ? pick(partitions) : account % partitions,
      key: bytes(isStray ? orderId : accountId),
      step: { orderId, accountId, amountCents: 1 + pick(100_000), status: 'PLACED' },
    };
  };
  const add = ({ partition, key, step }: PlacedOrder, status: Step['status']): void => {
    records.push({ partition, key, value: json({ ...step, status }), headers: new Map() });
  };

  while (records.length < count) {
    const dice = randomness.fraction();
    const earlier = records[pick(records.length)];
    const index = pick(open.length);
    const order = open[index];
    if (dice < poisonShare) {
      const place = { partition: pick(partitions), key: bytes('poison') };
      records.push({ ...place, value: poison[pick(poison.length)], headers: new Map() });
    } else if (dice < poisonShare + wrongShare) {
      // What nobody has placed, or what is closed, and perhaps in this way.
      add(closed[pick(2 * closed.length)] ?? newOrder(), 'CANCELLED');
    } else if (dice < poisonShare + wrongShare + duplicateShare && earlier !== undefined) {
      records.push(earlier);
    } else {
      steps += 1;
      if (order === undefined || randomness.fraction() < placedShare) {
        const placed = newOrder();
        open.push(placed);
        add(placed, 'PLACED');
      } else {
        open.splice(index, 1);
        closed.push(order);
        add(order, pick(3) === 0 ? 'CANCELLED' : 'PAID');
      }
    }
  }
  return { records, steps };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function json(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value));
}
