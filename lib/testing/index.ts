import { MemoryStore, type MemoryStoreOptions } from '../adapters/memory/memory-store.ts';

export type { StoreFault, StoreFaults, StoreOperation } from '../adapters/memory/fault.ts';
export type { MemoryStore, MemoryStoreOptions, OperationCount } from '../adapters/memory/memory-store.ts';
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
 * An idempotency store in memory, for tests of a handler: the same contract as the DynamoDB store, with a look at the
 * markers, counts of calls, and faults on demand. Not for production: it forgets everything with the process.
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore(options);
}
