/**
 * The function of the cost test of effects: a process of its own that handles the event on its standard input, with one effect a
 * record, in the mode that its first argument names, by `handle` or `handleMany` as the second one does.
 */
import { text as readAll } from 'node:stream/consumers';
import type { KafkaRecord, RecordHandler } from '../../../lib/index.ts';
import {
  type EffectContext,
  type Effects,
  kafkaHandler,
  type ManyEffectContext,
  type RecordsHandler,
} from '../../../lib/modes/index.ts';

const table = process.env.EFFECTS_TABLE ?? '';
const [, , mode, way] = process.argv;

const put = (effects: Effects, { partition, offset }: KafkaRecord): void =>
  effects.put({ table, item: { id: `${partition}@${offset}` } });
const handle: RecordHandler<unknown, Uint8Array, EffectContext> = (record, { effects }) => put(effects, record);
const handleMany: RecordsHandler<unknown, Uint8Array, ManyEffectContext> = (records, { effects }) => {
  for (const record of records) put(effects(record), record);
};

const transaction = { mode: 'transaction', businessId: 'value.orderId', ordering: 'none' } as const;
const position = { mode: 'position', commit: 'prefix' } as const;
const terms = mode === 'transaction' ? transaction : position;
const handler = way === 'handleMany' ? kafkaHandler({ ...terms, handleMany }) : kafkaHandler({ ...terms, handle });
const event: unknown = JSON.parse(await readAll(process.stdin));
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
