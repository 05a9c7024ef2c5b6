import { expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { claimsOnly } from '../../../../lib/handler/claims-only.ts';
import { everyMode } from '../../../../lib/handler/commit/every-mode.ts';
import { kafkaHandler } from '../../../../lib/handler/kafka-handler.ts';
import { setupOf } from '../../../../lib/handler/setup.ts';
import { lambdaEvent } from '../../../support/handler-bench.ts';

const given = { handle: (): undefined => undefined, store: new MemoryStore(), namespace: 'defaults' };
const deadLetters = new MemoryDeadLetters();

/** As the options' descriptions say. */
const documented = {
  ordering: 'partition',
  failureReporting: 'throw',
  clusterLabel: 'default',
  onFingerprintMismatch: 'reject',
  settings: {
    leaseMs: 30_000,
    clockSkewMs: 2_000,
    expiresAfterSeconds: 14 * 86_400,
    completionLag: 25,
    maxConcurrency: 10,
    maxAttempts: 10,
    onUnknownOutcome: 'handleAgain',
    onStoreFailure: 'fail',
    storeResult: false,
  },
};

it.each([
  ['the main entry', () => setupOf({ ...given, deadLetters }, {}, claimsOnly)],
  ['kafka-once/modes', () => setupOf({ ...given, deadLetters, mode: 'transaction' }, {}, everyMode)],
])('the defaults of %s are those that are documented', (_, made) => {
  expect(made()).toMatchObject(documented);
  expect(made().giveUp.isNonRetryable(new Error('not now'))).toBe(false);
});

it('without a dead-letter sink attempts have no end, and another payload fails', () => {
  const { settings, giveUp, onFingerprintMismatch } = setupOf(given, {}, claimsOnly);
  expect([settings.maxAttempts, giveUp.maxAttempts]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(onFingerprintMismatch).toBe('fail');
});

it('values are JSON, and Kafka keys bytes', async () => {
  const seen: unknown[] = [];
  const options = { ...given, observer: { observe: () => undefined, log: () => undefined } };
  const handler = kafkaHandler({ ...options, handle: ({ key, value }) => seen.push(key, value) });
  await handler(lambdaEvent([{ offset: 0, key: 'k', id: 7 }]), { getRemainingTimeInMillis: () => 60_000 });
  expect(seen).toEqual([Uint8Array.of(107), { id: 7 }]);
});

it('a thousand completions are remembered', () => {
  const { cache } = setupOf(given, {}, claimsOnly);
  const completion = { expiresAtSeconds: 10, fingerprint: undefined };
  for (let key = 0; key <= 1_000; key += 1) cache.remember(String(key), completion);
  expect([cache.recall('0', 0), cache.recall('1', 0)]).toEqual([undefined, completion]);
});
