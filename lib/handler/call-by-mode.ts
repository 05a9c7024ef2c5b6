import type { KafkaRecord } from '../core/record.ts';
import type { KafkaHandlerOptions } from './handler-options.ts';
import type { GivenToAll } from './prepare.ts';
import type { HandlerCall } from './run/handler-call.ts';

type Call = (record: KafkaRecord, call: HandlerCall, given: GivenToAll) => unknown;

/** Calls the user's handler for one record with what its mode promises. */
export function callByMode(options: KafkaHandlerOptions): Call {
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
    default: {
      const { handle } = options;
      return (record, { idempotencyKey, fence, attempts, signal }, given) =>
        handle(record, { idempotencyKey, fence, attempts, signal, ...given });
    }
  }
}
