import type { Dice } from './dice.ts';
import type { Behaviour, PlannedRecord } from './schedule.ts';

/** Timestamps of a topic that is made again are later than all of the old one. */
export const madeAgainAtMs = 1_700_001_000_000;
const madeAtMs = 1_700_000_000_000;

const payloads = new Map<number | undefined, Pick<PlannedRecord, 'id' | 'value'>>();

/** One payload for an ID, however often it is sent. */
export function payloadOf(id: number | undefined): Pick<PlannedRecord, 'id' | 'value'> {
  const known = payloads.get(id);
  if (known !== undefined) return known;
  const value = Buffer.from(JSON.stringify(id === undefined ? { amount: 7 } : { id, amount: id % 97 })).toString(
    'base64',
  );
  const payload = { id, value };
  payloads.set(id, payload);
  return payload;
}

/** A topic of 1 to 3 partitions and 2 to 12 records; some IDs are sent twice, some records have none, offsets have gaps. */
export function drawTopic(dice: Dice, generation: number, behaviours: () => Behaviour): PlannedRecord[] {
  const partitions = dice.weigh([
    [5, 1],
    [4, 2],
    [1, 3],
  ]);
  const size = dice.chance(0.12) ? dice.between(7, 12) : dice.between(2, 5);
  const next = Array.from({ length: partitions }, () => (dice.chance(0.3) ? dice.between(1, 40) : 0));
  const startsAtMs = generation === 0 ? madeAtMs : madeAgainAtMs;
  return Array.from({ length: size }, (_, place): PlannedRecord => {
    const partition = place < partitions ? place : dice.between(0, partitions - 1);
    const offset = next[partition] ?? 0;
    next[partition] = offset + (dice.chance(0.1) ? dice.between(2, 5) : 1);
    const id = dice.weigh<number | undefined>([
      [14, 100 + generation * 20 + place],
      [3, dice.between(1, 3)],
      [3, undefined],
    ]);
    return {
      generation,
      partition,
      offset,
      timestampMs: startsAtMs + place,
      key: dice.weigh<string | undefined>([
        [2, 'YQ=='],
        [1, 'Yg=='],
        [1, undefined],
      ]),
      ...payloadOf(id),
      behaviour: behaviours(),
    };
  });
}
