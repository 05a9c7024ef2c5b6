/**
 * The function of the cost test of `handleMany`: a process of its own that handles the event on its standard input in the mode
 * that its first argument names, with one effect a record.
 */
import { text as readAll } from 'node:stream/consumers';
import { kafkaHandler, type ManyEffectContext, type RecordsHandler } from '../../../lib/modes/index.ts';

const table = process.env.EFFECTS_TABLE ?? '';

const handleMany: RecordsHandler<unknown, Uint8Array, ManyEffectContext> = (records, { effects }) => {
  for (const record of records) effects(record).put({ table, item: { id: `${record.partition}@${record.offset}` } });
};

const handler =
  process.argv[2] === 'transaction'
    ? kafkaHandler({ mode: 'transaction', businessId: 'value.orderId', ordering: 'none', handleMany })
    : kafkaHandler({ mode: 'position', commit: 'prefix', handleMany });
const event: unknown = JSON.parse(await readAll(process.stdin));
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
