import { UnprocessableRecordError } from '../../lib/core/errors/errors.ts';
import type { Host } from './host.ts';
import type { Injector } from './injector.ts';
import { type PlannedRecord, placeOf } from './schedule.ts';
import type { Run, World } from './world.ts';

/** How a planned failure comes about. */
export interface Manner {
  /** When the effect is made already. */
  readonly failsLate: boolean;
  /** A failure that is to happen once has happened: it is not told in company, of which it would be no record's. */
  readonly isBelieved: boolean;
}

const atOnce: Manner = { failsLate: false, isBelieved: true };

/** Runs the user's handler of a record as planned; `produce` makes its effect. Rejects as a handler throws. */
export async function handleAsPlanned(
  world: World,
  run: Run,
  signal: AbortSignal | undefined,
  produce: () => Promise<void>,
  { failsLate, isBelieved }: Manner = atOnce,
): Promise<void> {
  const { behaviour } = run.record;
  const { slowMs } = world.schedule.settings;
  try {
    if (behaviour === 'slow') await pause(run.host, slowMs, signal);
    if (failsLate) await produce();
    failAsPlanned(world, run.record, isBelieved);
    if (!failsLate) await produce();
    if (behaviour === 'effectThenSlow') await pause(run.host, slowMs, signal);
    run.ended = 'resolved';
  } catch (error) {
    run.ended = 'threw';
    run.isBlamed = isBelieved;
    throw error;
  }
}

function failAsPlanned(world: World, record: PlannedRecord, isBelieved: boolean): void {
  const { behaviour } = record;
  const place = placeOf(record);
  if (behaviour === 'unprocessable') throw new UnprocessableRecordError('of no use');
  if (behaviour !== 'throw' && (behaviour !== 'throwOnce' || world.threw.has(place))) return;
  if (isBelieved) world.threw.add(place);
  throw new Error('not now');
}

/** An effect outside DynamoDB, such as an HTTP call: it can fail like any call, in doubt about itself. */
export async function produceOutside(
  world: World,
  injector: Injector,
  run: Run,
  signal: AbortSignal | undefined,
): Promise<void> {
  let isMade = false;
  await injector.call<void>(run.host, 'effect', {
    carryOut: async () => {
      // Its repetition by an SDK carries the same token.
      if (!isMade) world.takeEffect(run);
      isMade = true;
    },
    failed: (why) => {
      throw new Error(why);
    },
    signal,
  });
}

async function pause(host: Host, ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = host.clock.schedule(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
