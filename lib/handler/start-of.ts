import { inFlightKey, type KeySettings, positionKey } from '../core/idempotency-key/idempotency-key.ts';
import type { TransactionalStore } from '../ports/commit-store.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { KafkaHandlerOptions } from './handler-options.ts';
import { claimMode } from './run/claim-mode.ts';
import type { StartMode } from './run/shared-parts.ts';

/** The store of a handler, and how its mode is started. */
export interface Start {
  readonly store: IdempotencyStore;
  readonly startMode: StartMode | Promise<StartMode>;
}

/**
 * The mode's own code. That of the modes without claims is loaded, at once, by those who use it: others need not carry it
 * through their cold starts.
 */
export function startOf(
  options: KafkaHandlerOptions,
  keys: KeySettings,
  defaultStore: () => TransactionalStore,
): Start {
  const counts = 'countStarts' in options && options.countStarts === true;
  const inFlightKeyOf: KeyOf | undefined = counts ? (coordinates) => inFlightKey(coordinates, keys) : undefined;
  switch (options.mode) {
    case 'mark': {
      const { store = defaultStore(), handleMany, maxRecords } = options;
      const mode = { store, handleMany, maxRecords, inFlightKeyOf };
      return { store, startMode: loaded((modes) => modes.markMode(mode)) };
    }
    case 'transaction': {
      const { store = defaultStore(), commit = 'each', handleMany, maxRecords } = options;
      const mode = { store, commit, handleMany, maxRecords, inFlightKeyOf };
      return { store, startMode: loaded((modes) => modes.transactionMode(mode)) };
    }
    case 'position': {
      const { store = defaultStore(), commit = 'each', generation = 0, handleMany, maxRecords } = options;
      const keyOf: KeyOf = (coordinates) => positionKey(coordinates, keys);
      const mode = { store, commit, generation, keyOf, handleMany, maxRecords, inFlightKeyOf };
      return { store, startMode: loaded((modes) => modes.positionMode(mode)) };
    }
    default:
      return { store: options.store ?? defaultStore(), startMode: claimMode };
  }
}

type Modes = typeof import('./commit/modes.ts');
type KeyOf = Parameters<Modes['positionMode']>[0]['keyOf'];

function loaded(start: (modes: Modes) => StartMode): Promise<StartMode> {
  const starting = import('./commit/modes.ts').then(start);
  // Whoever invokes the handler is told; until then nobody listens.
  starting.catch(() => undefined);
  return starting;
}
