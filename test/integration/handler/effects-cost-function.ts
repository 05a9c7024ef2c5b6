/**
 * The function of the cost test of effects: a process of its own that handles the event on its standard input in the mode
 * that its first argument names, with one effect a record.
 */
import { text as readAll } from 'node:stream/consumers';
import type { KafkaRecord } from '../../../lib/index.ts';
import { type EffectContext, kafkaHandler } from '../../../lib/modes/index.ts';

const table = process.env.EFFECTS_TABLE ?? '';

function handle({ partition, offset }: KafkaRecord, { effects }: EffectContext): void {
  effects.put({ table, item: { id: `${partition}@${offset}` } });
}

const handler =
  process.argv[2] === 'transaction'
    ? kafkaHandler({ mode: 'transaction', businessId: 'value.orderId', ordering: 'none', handle })
    : kafkaHandler({ mode: 'position', commit: 'prefix', handle });
const event: unknown = JSON.parse(await readAll(process.stdin));
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
