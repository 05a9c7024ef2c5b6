import { appendFileSync, statSync } from 'node:fs';

/** What one invocation does; `failPlaces` names the records at these places of the event. */
export type Step =
  | 'ok'
  | 'error'
  | 'hang'
  | 'spin'
  | 'exit'
  | { readonly failPlaces: readonly number[] }
  | { readonly answer: unknown };

interface Delivered {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Does at its n-th invocation what the n-th step says, whichever process it runs in; after the last one all is well. */
export async function handler(event: { records: Record<string, readonly Delivered[]> }): Promise<unknown> {
  const { SCRIPT = '[]', COUNTER = '' } = process.env;
  const steps: readonly Step[] = JSON.parse(SCRIPT);
  const step = steps.length === 0 ? 'ok' : (steps[counted(COUNTER)] ?? 'ok');
  process.stdout.write('started\n');
  if (step === 'error') {
    throw new RangeError('as told');
  }
  if (step === 'hang') {
    await new Promise(() => setInterval(() => {}, 1000));
  }
  while (step === 'spin') {
    // Until it is killed.
  }
  if (step === 'exit') {
    process.exit(3);
  }
  if (typeof step === 'object' && 'answer' in step) {
    return step.answer;
  }
  const places = typeof step === 'object' ? step.failPlaces : [];
  const failed = Object.values(event.records)
    .flat()
    .filter((_, place) => places.includes(place));
  return {
    batchItemFailures: failed.map(({ topic, partition, offset }) => ({
      itemIdentifier: { partition: `${topic}-${partition}`, offset },
    })),
  };
}

/** How often this was called before with the same file. */
function counted(file: string): number {
  appendFileSync(file, '.');
  return statSync(file).size - 1;
}
