import type { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { RecordContext } from '../../../../lib/handler/handler-context.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import {
  addOne,
  type EffectHandle,
  ledgerStore,
  type ModeBench,
  type ModeBenchParts,
  markBench,
  positionBench,
  transactionBench,
} from '../../../support/effect-bench.ts';
import { at, type BenchKafkaRecord, type BenchRecord } from '../../../support/handler-bench.ts';
import { MortalProcess } from '../../../support/mortal-process.ts';

/** What a handler does beside its effects. */
export type Behave = (record: BenchKafkaRecord, context: RecordContext) => unknown;
export type Make = (
  behave: Behave,
  parts?: ModeBenchParts,
  given?: typeof options | { countStarts: false },
) => ModeBench;

export const options = { countStarts: true, maxAttempts: 3 } as const;
export const modes: readonly (readonly [string, Make])[] = [
  ['transaction', (behave, parts, given = options) => transactionBench(withEffect(behave), given, parts)],
  ['position', (behave, parts, given = options) => positionBench(withEffect(behave), given, parts)],
  ['mark', (behave, parts, given = options) => markBench(behave, given, parts)],
];
export const nothing: Behave = () => undefined;

export function withEffect(behave: Behave): EffectHandle {
  return async (record, context) => {
    await behave(record, context);
    addOne(record, context);
  };
}

export function batchOf(records: number, partitions = 1): BenchRecord[] {
  return Array.from({ length: records }, (_, offset) => ({ partition: offset % partitions, offset, id: offset }));
}

/** The in-flight items, and claims that nobody ended: where they were made. */
export function inFlight(store: MemoryStore): readonly (string | undefined)[] {
  const markers = store.keys().flatMap((key) => store.peek(key) ?? []);
  return markers
    .filter(({ status, owner }) => status === 'INPROGRESS' && owner !== undefined)
    .map(({ source }) => source);
}

/** Delivers a batch to a process that ends when this record is handled. */
export async function crashAt(
  make: Make,
  place: string,
  batch: readonly BenchRecord[],
  parts: ModeBenchParts,
): Promise<void> {
  const { clock = new FakeClock(), store = ledgerStore() } = parts;
  const process = new MortalProcess(clock, store);
  const died = Promise.withResolvers<void>();
  const bench = make(
    async (record) => {
      if (at(record) !== place) return;
      process.kill();
      died.resolve();
      await new Promise(() => undefined);
    },
    { ...parts, process },
  );
  await clock.runUntilSettled(Promise.race([bench.start(batch), died.promise]));
}
