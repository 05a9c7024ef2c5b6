import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { text } from '../../../../lib/core/decode/text.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import type { KafkaLambdaHandler } from '../../../../lib/handler/lambda-handler.ts';
import { type Mode, modes } from '../../../../lib/handler/options/mode-rules.ts';
import type { TransactionalStore } from '../../../../lib/ports/commit-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';
import { type BenchRecord, jsonValue, lambdaEvent, startInvocation } from '../../../support/handler-bench.ts';
import { watchedActions } from '../../../support/watched-actions.ts';
import { consumerIn, stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

function handlerIn(mode: Mode, store: TransactionalStore, clock: FakeClock): KafkaLambdaHandler {
  const common = {
    ...{ namespace: 'used', store, deadLetters: new MemoryDeadLetters(), key: text(), value: jsonValue },
    ...{ maxAttempts: 1, afterDeadLetter: 'holdKey' as const },
    observer: { observe: () => undefined, log: () => undefined },
    ports: { clock, randomness: new SeededRandomness(1), processExit: { exit: () => undefined } },
  };
  const handle = ({ key }: { readonly key: string | null }): void => {
    if (key === 'poison') throw new Error('not now');
  };
  switch (mode) {
    case 'claim':
      return kafkaHandler({ ...common, mode, handle });
    case 'mark':
      return kafkaHandler({ ...common, mode, handle, countStarts: true });
    case 'transaction':
    case 'position':
      return kafkaHandler({ ...common, mode, handle, countStarts: true });
  }
}

/** Records whose start is noted, that are handled, that become dead letters, whose key is held, and whose claim is lost. */
async function usedIn(mode: Mode): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  const clock = new FakeClock();
  let isLossy = false;
  const handler = handlerIn(
    mode,
    watchedActions(new MemoryStore(), used, () => isLossy),
    clock,
  );
  const deliver = async (...records: readonly BenchRecord[]) =>
    await clock.runUntilSettled(startInvocation(handler, clock, lambdaEvent(records), 10_000));
  const good = { offset: 1, key: 'good' };
  const poison = { offset: 2, key: 'poison' };
  expect(await deliver(good, poison)).toEqual({ undone: [] });
  expect(await deliver({ offset: 3, key: 'poison' })).toEqual({ undone: [] });
  isLossy = true;
  expect(await deliver({ offset: 4, key: 'poison', topic: 'other' })).toEqual({ undone: ['other-0@4'] });
  return used;
}

it.each(modes)(
  'a handler in mode %s does all that its role may do with the markers, and nothing else',
  async (mode) => {
    const stack = stage();
    consumerIn(stack, { mode });
    const granted = statementsOf(Template.fromStack(stack)).flatMap(({ actions }) => actions);
    expect([...(await usedIn(mode))].sort()).toEqual(granted.filter((action) => action.startsWith('dynamodb:')));
  },
);
