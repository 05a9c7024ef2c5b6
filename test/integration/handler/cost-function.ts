/**
 * The function of the cost test: a process of its own that handles the event on its standard input with default options.
 * Everything but the handler comes from the environment, as in a deployed function.
 */
import { text as readAll } from 'node:stream/consumers';
import { kafkaHandler } from '../../../lib/index.ts';

const handler = kafkaHandler({ businessId: 'value.orderId', handle: () => undefined });
const event: unknown = JSON.parse(await readAll(process.stdin));
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
