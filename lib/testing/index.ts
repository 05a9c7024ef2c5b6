import { MemoryStore, type MemoryStoreOptions } from '../adapters/memory/memory-store.ts';

export type {
  LateFault,
  StoreFault,
  StoreFaultChoice,
  StoreFaults,
  StoreOperation,
} from '../adapters/memory/fault.ts';
export type { MemoryStore, MemoryStoreOptions } from '../adapters/memory/memory-store.ts';
export type { OperationCount } from '../adapters/memory/requests.ts';
export type { MemoryKeyAttribute, MemoryTable } from '../adapters/memory/tables/memory-table.ts';
export { type DeadLetterFault, MemoryDeadLetters } from '../adapters/memory-dead-letters/memory-dead-letters.ts';
export { FakeClock } from './fake-clock.ts';
export { type FakeContext, type FakeContextOptions, fakeContext } from './fake-context.ts';
export {
  type Content,
  type EventRecord,
  type KafkaEvent,
  type KafkaEventOptions,
  kafkaEvent,
  type TestRecord,
} from './kafka-event.ts';
export { SeededRandomness } from './seeded-randomness.ts';

/**
 * A store in memory, for tests of a handler: the same contract as the DynamoDB store, with a look at markers, positions and
 * items, counts of calls, and faults on demand. Not for production: it forgets everything with the process.
 *
 * Effects are carried out on its `tables`, with DynamoDB's expressions, limits and refusals.
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore(options);
}
