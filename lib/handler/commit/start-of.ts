import { inFlightKey, positionKey } from '../../core/idempotency-key/idempotency-key.ts';
import type { TransactionalStore } from '../../ports/commit-store.ts';
import { claimsOnly } from '../claims-only.ts';
import type { Start, StartGiven } from '../mode-set.ts';
import { markMode } from './mark-mode.ts';
import type { KafkaHandlerOptions } from './mode-options.ts';
import { positionMode } from './position-mode.ts';
import { transactionMode } from './transaction-mode.ts';

type KeyOf = Parameters<typeof positionMode>[0]['keyOf'];

/** The mode's own code, with the options that are its own. */
export function startOf(options: KafkaHandlerOptions, given: StartGiven<TransactionalStore>): Start {
  const { keys, defaultStore } = given;
  const counts = 'countStarts' in options && options.countStarts === true;
  const inFlightKeyOf: KeyOf | undefined = counts ? (coordinates) => inFlightKey(coordinates, keys) : undefined;
  switch (options.mode) {
    case 'mark': {
      const { store = defaultStore(), handleMany, maxRecords } = options;
      return { store, startMode: markMode({ store, handleMany, maxRecords, inFlightKeyOf }) };
    }
    case 'transaction': {
      const { store = defaultStore(), commit = 'each', handleMany, maxRecords } = options;
      return { store, startMode: transactionMode({ store, commit, handleMany, maxRecords, inFlightKeyOf }) };
    }
    case 'position': {
      const { store = defaultStore(), commit = 'each', generation = 0, handleMany, maxRecords } = options;
      const keyOf: KeyOf = (coordinates) => positionKey(coordinates, keys);
      const mode = { store, commit, generation, keyOf, handleMany, maxRecords, inFlightKeyOf };
      return { store, startMode: positionMode(mode) };
    }
    default:
      return claimsOnly.start(options, given);
  }
}
