import { callWithClaim } from '../claims-only.ts';
import type { CallHandler } from '../mode-set.ts';
import type { KafkaHandlerOptions } from './mode-options.ts';

/** Calls the user's handler for one record with what its mode promises. */
export function callByMode(options: KafkaHandlerOptions): CallHandler {
  // The code of the modes calls it.
  if (options.handleMany !== undefined) return () => Promise.reject(new Error('handleMany handles no single record'));
  switch (options.mode) {
    case 'transaction':
    case 'position': {
      const { handle } = options;
      return (record, { idempotencyKey, attempts, signal, effects }, given) => {
        if (effects === undefined) throw new Error(`${options.mode} mode called the handler without effects`);
        return handle(record, { idempotencyKey, attempts, signal, effects, ...given });
      };
    }
    case 'mark': {
      const { handle } = options;
      return (record, { idempotencyKey, attempts, signal }, given) =>
        handle(record, { idempotencyKey, attempts, signal, ...given });
    }
    default:
      return callWithClaim(options);
  }
}
