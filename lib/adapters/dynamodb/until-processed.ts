import { abortable } from './connection.ts';
import type { TableRequest } from './table-request.ts';

const firstDelayMs = 50;
const longestDelayMs = 1_000;

/** How often DynamoDB may leave all of a request unprocessed before it is given up. */
const mostFruitlessRounds = 6;

/**
 * Sends items until none is left unprocessed: what `send` answers is sent again after a back-off (exponential, with
 * full jitter, as the SDK does not do it for these). Answers what was left when nothing more got through.
 */
export async function untilProcessed<Item>(
  request: TableRequest,
  items: readonly Item[],
  send: (items: readonly Item[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  let wanted = items;
  let fruitless = 0;
  while (wanted.length > 0 && fruitless < mostFruitlessRounds) {
    const unprocessed = await send(wanted);
    fruitless = unprocessed.length < wanted.length ? 0 : fruitless + 1;
    wanted = unprocessed;
    if (wanted.length > 0 && fruitless < mostFruitlessRounds) {
      await backOff(request, fruitless);
    }
  }
  return wanted;
}

async function backOff({ call, clock, randomness }: TableRequest, fruitless: number): Promise<void> {
  const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** fruitless);
  const over = Promise.withResolvers<void>();
  const cancel = clock.schedule(ceilingMs * randomness.fraction(), over.resolve);
  try {
    await abortable(call.signal, () => over.promise);
  } finally {
    cancel();
  }
}
