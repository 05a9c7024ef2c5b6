import { dynamoDbStore } from '../adapters/dynamodb/dynamodb-store.ts';
import { ConfigurationError } from '../core/errors/errors.ts';
import type { ClaimOptions } from './handler-options.ts';
import type { CallHandler, ModeSet } from './mode-set.ts';
import { checkMode } from './options/mode-rules.ts';
import { claimMode } from './run/claim-mode.ts';

/** `claim` mode, by itself: what the main entry offers. */
export const claimsOnly: ModeSet<ClaimOptions> = {
  check(options) {
    const { mode = 'claim' }: { readonly mode?: string } = options;
    if (mode !== 'claim') {
      throw new ConfigurationError(
        'mode',
        `is '${mode}': import kafkaHandler from 'kafka-once/modes', which has that mode`,
      );
    }
    checkMode('claim', options);
  },
  makeStore: dynamoDbStore,
  start: ({ store }, { defaultStore }) => ({ store: store ?? defaultStore(), startMode: claimMode }),
  callOf: callWithClaim,
};

/** Calls a handler of `claim` mode. */
export function callWithClaim({ handle }: Pick<ClaimOptions, 'handle'>): CallHandler {
  return (record, { idempotencyKey, fence, attempts, signal }, given) =>
    handle(record, { idempotencyKey, fence, attempts, signal, ...given });
}
