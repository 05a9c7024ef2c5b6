import { dynamoDbStore } from '../../adapters/dynamodb/commit-store.ts';
import type { TransactionalStore } from '../../ports/commit-store.ts';
import type { ModeSet } from '../mode-set.ts';
import { checkMode } from '../options/mode-rules.ts';
import { callByMode } from './call-by-mode.ts';
import { checkCommitStore } from './commit-store-rule.ts';
import { checkMany } from './many-rules.ts';
import type { KafkaHandlerOptions } from './mode-options.ts';
import { checkPosition } from './position-rules.ts';
import { startOf } from './start-of.ts';

/** All modes: what the entry `kafka-once/modes` offers. */
export const everyMode: ModeSet<KafkaHandlerOptions, TransactionalStore> = {
  check(options, reports) {
    const { mode = 'claim', store } = options;
    checkMode(mode, options);
    checkMany(options);
    if (mode !== 'claim' && store !== undefined) checkCommitStore(mode, store);
    if (mode === 'position') checkPosition(options, reports);
  },
  makeStore: dynamoDbStore,
  start: startOf,
  callOf: callByMode,
};
