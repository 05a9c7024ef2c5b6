import type { Randomness } from '../../lib/ports/randomness.ts';

/** A record to be produced; the broker gives it its offset. */
export interface OrderRecord {
  readonly partition: number;
  readonly key: Uint8Array | undefined;
  /** Undefined for a tombstone. */
  readonly value: Uint8Array | undefined;
  readonly headers: ReadonlyMap<string, Uint8Array>;
}

/** The records of one phase, and how many orders there are to charge in them. */
export interface OrderRecords {
  readonly records: readonly OrderRecord[];
  readonly orders: number;
}

type Kind = 'order' | 'duplicate' | 'withoutId' | 'tombstone' | 'noJson' | 'wrongSchema';

/** Shares of the records that are not a plain order; each is rounded up. */
const shares: readonly (readonly [Kind, number])[] = [
  ['duplicate', 0.1],
  ['withoutId', 0.01],
  ['tombstone', 0.01],
  ['noJson', 0.0025],
  ['wrongSchema', 0.0025],
];

/** Most producers that send twice do so at once; some do it much later. */
const nearShare = 0.8;
const nearOrders = 20;

/** Bytes above 127, which Lambda delivers as signed numbers; valid UTF-8 and not. */
const oddHeaders: readonly Uint8Array[] = [
  Uint8Array.from([0xc3, 0xa9, 0xc3, 0xbc]),
  Uint8Array.from([0x00, 0x7f, 0x80, 0xff]),
];

/**
 * Makes the records of a phase: `count` of them, in the order in which they are produced.
 *
 * A duplicate says what its order said, under the same Kafka key and so in the same partition, at a later offset.
 */
export function orderRecords(
  phase: number,
  count: number,
  partitions: number,
  randomness: Pick<Randomness, 'fraction'>,
): OrderRecords {
  const pick = (below: number): number => Math.floor(randomness.fraction() * below);
  const orders: OrderRecord[] = [];
  const records: OrderRecord[] = [];
  for (const [index, kind] of kinds(count, pick).entries()) {
    const id = `order-${phase}-${index}`;
    const partition = pick(partitions);
    const headers = new Map(pick(10) === 0 ? [['trace', oddHeaders[pick(oddHeaders.length)] ?? bytes('')]] : []);
    const order = { customerId: `customer-${pick(500)}`, amountCents: 100 + pick(100_000), currency: 'EUR' };
    const plain: OrderRecord = { partition, key: bytes(id), value: json({ orderId: id, ...order }), headers };
    const known = randomness.fraction() < nearShare ? orders.slice(-nearOrders) : orders;
    const earlier = known[pick(known.length)];
    switch (kind) {
      case 'order':
        orders.push(plain);
        records.push(plain);
        break;
      case 'duplicate':
        records.push({ ...(earlier ?? plain), headers });
        break;
      case 'withoutId':
        records.push({ ...plain, key: undefined, value: json(pick(2) === 0 ? order : { orderId: null, ...order }) });
        break;
      case 'tombstone':
        records.push({ ...(earlier ?? plain), value: undefined, headers });
        break;
      case 'noJson':
        records.push({ ...plain, value: pick(2) === 0 ? bytes(`{"orderId":"${id}"`) : Uint8Array.from([0xff, 0xfe]) });
        break;
      case 'wrongSchema':
        records.push({ ...plain, value: json({ orderId: id, ...order, amountCents: String(order.amountCents) }) });
        break;
    }
  }
  return { records, orders: orders.length + records.filter(({ key }) => key === undefined).length };
}

/** What each record is, shuffled; the first one is an order, so that there is something to repeat. */
function kinds(count: number, pick: (below: number) => number): readonly Kind[] {
  const special = shares.flatMap(([kind, share]) => Array<Kind>(Math.ceil(count * share)).fill(kind));
  const all = [...Array<Kind>(Math.max(0, count - special.length)).fill('order'), ...special].slice(0, count);
  for (let last = all.length - 1; last > 1; last -= 1) {
    const other = 1 + pick(last);
    [all[last], all[other]] = [all[other] ?? 'order', all[last] ?? 'order'];
  }
  return all;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function json(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value));
}
