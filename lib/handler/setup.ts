import { sqsDeadLetters } from '../adapters/sqs/sqs-dead-letters.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemProcessExit } from '../adapters/system/system-process-exit.ts';
import { systemRandomness } from '../adapters/system/system-randomness.ts';
import { bytes } from '../core/decode/bytes.ts';
import { json } from '../core/decode/json.ts';
import { ConfigurationError } from '../core/errors/errors.ts';
import { compileBusinessId } from '../core/idempotency-key/business-id.ts';
import { compileFingerprint } from '../core/idempotency-key/fingerprint.ts';
import { checkKeySettings, type KeySettings } from '../core/idempotency-key/idempotency-key.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import { CompletionCache } from './claims/completion-cache.ts';
import type { ClaimOptions } from './handler-options.ts';
import type { InvocationSetup } from './invocation.ts';
import type { CallHandler, ModeSet } from './mode-set.ts';
import { consoleObserver } from './observe/console-observer.ts';
import { safeObserver } from './observe/safe-observer.ts';
import { checkDeployedMode } from './options/deployed-mode.ts';
import {
  type Environment,
  environmentVariables,
  numberVariable,
  reportingFrom,
  variable,
} from './options/environment.ts';
import type { Mode } from './options/mode-rules.ts';
import { type Preparation, prepare } from './prepare.ts';

/** Options of any mode, as far as they decide the same thing in each. */
export interface AnyOptions
  extends Partial<Omit<ClaimOptions, 'mode' | 'handle' | 'handleMany' | 'maxRecords' | 'store'>> {
  readonly mode?: Mode;
  readonly commit?: 'each' | 'prefix';
  readonly countStarts?: boolean;
}

const fourteenDaysInSeconds = 1_209_600;

/**
 * What all invocations of a handler share, from its options and the environment.
 *
 * @throws ConfigurationError naming what is missing or contradicts something else.
 */
export function setupOf<Options extends AnyOptions, Store extends IdempotencyStore>(
  options: Options,
  environment: Environment,
  modes: ModeSet<Options, Store>,
): InvocationSetup {
  const failureReporting = options.failureReporting ?? reportingFrom(environment);
  modes.check(options, failureReporting !== 'throw');
  checkDeployedMode(options.mode ?? 'claim', environment);
  const deadLetters = options.deadLetters ?? deadLettersFrom(environment);
  const observer = safeObserver(options.observer ?? consoleObserver());
  const preparation = preparationOf(options, environment, modes.callOf(options));
  const onUnknownOutcome = options.onUnknownOutcome ?? 'handleAgain';
  if (deadLetters === undefined) {
    refuseWithoutSink('onUnknownOutcome', onUnknownOutcome === 'deadLetter');
    refuseWithoutSink('onFingerprintMismatch', options.onFingerprintMismatch === 'reject');
    refuseWithoutSink('maxAttempts', options.maxAttempts !== undefined);
    refuseWithoutSink(environmentVariables.maxAttempts, variable(environment, 'maxAttempts') !== undefined);
    refuseWithoutSink('countStarts', options.countStarts === true);
    refuseWithoutSink('afterDeadLetter', options.afterDeadLetter === 'holdKey');
  }
  if (options.afterDeadLetter === 'holdKey') refuseHoldingKeys(options);
  const givenAttempts = options.maxAttempts ?? numberVariable(environment, 'maxAttempts');
  const maxAttempts = deadLetters === undefined ? Number.POSITIVE_INFINITY : (givenAttempts ?? 10);
  const leaseMs = options.leaseMs ?? numberVariable(environment, 'leaseMs') ?? 30_000;
  const expiresAfterSeconds = options.expiresAfterSeconds ?? fourteenDaysInSeconds;
  if (expiresAfterSeconds * 1000 < leaseMs) {
    throw new ConfigurationError('expiresAfterSeconds', `must not be below leaseMs (${leaseMs} ms)`);
  }
  return {
    ...modes.start(options, {
      keys: preparation.keys,
      defaultStore: () => modes.makeStore({ tableName: tableFrom(environment) }),
    }),
    ordering: options.ordering ?? 'partition',
    failureReporting,
    settings: {
      leaseMs,
      clockSkewMs: options.clockSkewMs ?? 2_000,
      expiresAfterSeconds,
      completionLag: options.completionLag ?? 25,
      maxConcurrency: options.maxConcurrency ?? 10,
      maxAttempts,
      onUnknownOutcome,
      onStoreFailure: options.onStoreFailure ?? 'fail',
      storeResult: options.storeResult ?? false,
    },
    giveUp: { maxAttempts, isNonRetryable: options.isNonRetryable ?? (() => false) },
    onFingerprintMismatch: options.onFingerprintMismatch ?? (deadLetters === undefined ? 'fail' : 'reject'),
    namespace: preparation.keys.namespace,
    clusterLabel: preparation.keys.clusterLabel,
    deadLetters,
    observer,
    clock: options.ports?.clock ?? systemClock,
    randomness: options.ports?.randomness ?? systemRandomness,
    processExit: options.ports?.processExit ?? systemProcessExit,
    cache: new CompletionCache(options.rememberedCompletions ?? 1_000),
    prepare: (received, invocation) => prepare(received, preparation, observer, invocation),
  };
}

function preparationOf(options: AnyOptions, environment: Environment, handle: CallHandler): Preparation {
  const { businessId } = options;
  if (businessId === undefined && options.onMissingBusinessId === 'reject') {
    throw new ConfigurationError(
      'onMissingBusinessId',
      "'reject' needs businessId: without one every record lacks its ID",
    );
  }
  return {
    decoders: { value: options.value ?? json(), key: options.key ?? bytes() },
    businessId: businessId === undefined ? undefined : compileBusinessId(businessId, 'businessId'),
    fingerprint: compileFingerprint(options.fingerprint === undefined ? true : options.fingerprint, 'fingerprint'),
    keys: keySettingsOf(options, environment),
    holdsKeys: options.afterDeadLetter === 'holdKey',
    handle,
  };
}

function keySettingsOf(
  options: Pick<AnyOptions, 'namespace' | 'clusterLabel' | 'scope' | 'hash' | 'onMissingBusinessId'>,
  environment: Environment,
): KeySettings {
  const namespace = options.namespace ?? variable(environment, 'namespace') ?? environment.AWS_LAMBDA_FUNCTION_NAME;
  if (namespace === undefined || namespace === '') {
    throw new ConfigurationError(
      'namespace',
      `is missing: set the option, or ${environmentVariables.namespace}, or run where AWS_LAMBDA_FUNCTION_NAME is set`,
    );
  }
  const keys: KeySettings = {
    namespace,
    clusterLabel: options.clusterLabel ?? variable(environment, 'clusterLabel') ?? 'default',
    scope: options.scope ?? 'topic',
    hash: options.hash ?? 'sha256',
    onMissingBusinessId: options.onMissingBusinessId ?? 'fallback',
  };
  checkKeySettings(keys);
  return keys;
}

function tableFrom(environment: Environment): string {
  const tableName = variable(environment, 'table');
  if (tableName !== undefined) return tableName;
  throw new ConfigurationError(
    'store',
    `is missing: pass dynamoDbStore({ tableName }), or set ${environmentVariables.table}. Nothing is handled unprotected by default`,
  );
}

function deadLettersFrom(environment: Environment): DeadLetterSink | undefined {
  const queueUrl = variable(environment, 'deadLetterQueueUrl');
  const bucket = variable(environment, 'deadLetterBucket');
  if (queueUrl === undefined) {
    if (bucket === undefined) return undefined;
    const { deadLetterBucket, deadLetterQueueUrl } = environmentVariables;
    throw new ConfigurationError(deadLetterBucket, `has no effect without ${deadLetterQueueUrl}: set that too`);
  }
  return sqsDeadLetters(bucket === undefined ? { queueUrl } : { queueUrl, largeRecords: { bucket } });
}

function refuseHoldingKeys({
  ordering,
  onStoreFailure,
  commit,
}: Pick<AnyOptions, 'ordering' | 'onStoreFailure' | 'commit'>): void {
  if (commit === 'prefix') {
    throw new ConfigurationError(
      'afterDeadLetter',
      "'holdKey' contradicts commit 'prefix': what is handled ahead would be written behind a dead letter of its key",
    );
  }
  if (ordering === 'none') {
    throw new ConfigurationError('afterDeadLetter', "'holdKey' keeps an order: it contradicts ordering 'none'");
  }
  if (onStoreFailure === 'handleUnprotected') {
    throw new ConfigurationError(
      'afterDeadLetter',
      "'holdKey' contradicts onStoreFailure 'handleUnprotected': without the store nobody knows which keys are held",
    );
  }
}

function refuseWithoutSink(property: string, isAsked: boolean): void {
  if (!isAsked) return;
  throw new ConfigurationError(
    property,
    `needs somewhere to put dead letters: pass deadLetters, or set ${environmentVariables.deadLetterQueueUrl}`,
  );
}
