import { dynamoDbStore } from '../adapters/dynamodb/dynamodb-store.ts';
import { sqsDeadLetters } from '../adapters/sqs/sqs-dead-letters.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemProcessExit } from '../adapters/system/system-process-exit.ts';
import { systemRandomness } from '../adapters/system/system-randomness.ts';
import type { KafkaBatchResponse } from '../core/answer/batch-response.ts';
import { bytes } from '../core/decode/bytes.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import { json } from '../core/decode/json.ts';
import { ConfigurationError } from '../core/errors/errors.ts';
import { compileBusinessId } from '../core/idempotency-key/business-id.ts';
import { compileFingerprint } from '../core/idempotency-key/fingerprint.ts';
import { checkKeySettings, type KeySettings } from '../core/idempotency-key/idempotency-key.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import { CompletionCache } from './claims/completion-cache.ts';
import type { KafkaHandlerOptions } from './handler-options.ts';
import { type InvocationSetup, runInvocation } from './invocation.ts';
import type { LambdaContext } from './lambda-context.ts';
import { consoleObserver } from './observe/console-observer.ts';
import { safeObserver } from './observe/safe-observer.ts';
import { checkOptions } from './options/check-options.ts';
import {
  checkVariables,
  type Environment,
  environmentVariables,
  numberVariable,
  reportingFrom,
  variable,
} from './options/environment.ts';
import { type Preparation, prepare } from './prepare.ts';
import { claimMode } from './run/claim-mode.ts';

/**
 * A Lambda function handler: give it the event of a Kafka event source mapping and Lambda's context.
 *
 * Resolves to the partial batch response (empty when all is done). Rejects with `MalformedEventError` for what is no
 * Kafka event, and with `UndoneRecordsError` for undone records where reports are not granted; Lambda then delivers the
 * whole batch again. Invocations may run concurrently in one process.
 */
export type KafkaLambdaHandler = (event: unknown, context?: LambdaContext) => Promise<KafkaBatchResponse>;

const fourteenDaysInSeconds = 1_209_600;

/**
 * Wraps a function that handles one record into a Lambda handler in which each record takes effect once.
 *
 * Of each record: decode, idempotency key, claim, handle, completion; then the batch's answer. See `KafkaHandlerOptions`
 * for each option, its default and what it costs.
 *
 * @throws ConfigurationError naming the option that is unknown, mistyped, out of range, missing or contradictory.
 */
export function kafkaHandler<Value, Key>(
  options: KafkaHandlerOptions<Value, Key> & { readonly value: Decoder<Value>; readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler<Value>(
  options: KafkaHandlerOptions<Value, Uint8Array> & { readonly value: Decoder<Value> },
): KafkaLambdaHandler;
export function kafkaHandler<Key>(
  options: KafkaHandlerOptions<unknown, Key> & { readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler(options: KafkaHandlerOptions): KafkaLambdaHandler;
export function kafkaHandler(options: KafkaHandlerOptions): KafkaLambdaHandler {
  checkOptions(options);
  checkVariables(process.env);
  const setup = setupOf(options, process.env);
  return async (event, context) => await runInvocation(event, context, setup);
}

function setupOf(options: KafkaHandlerOptions, environment: Environment): InvocationSetup {
  const deadLetters = options.deadLetters ?? deadLettersFrom(environment);
  const observer = safeObserver(options.observer ?? consoleObserver());
  const preparation = preparationOf(options, environment);
  const onUnknownOutcome = options.onUnknownOutcome ?? 'handleAgain';
  if (deadLetters === undefined) {
    refuseWithoutSink('onUnknownOutcome', onUnknownOutcome === 'deadLetter');
    refuseWithoutSink('onFingerprintMismatch', options.onFingerprintMismatch === 'reject');
    refuseWithoutSink('maxAttempts', options.maxAttempts !== undefined);
    refuseWithoutSink(environmentVariables.maxAttempts, variable(environment, 'maxAttempts') !== undefined);
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
    startMode: claimMode,
    ordering: options.ordering ?? 'partition',
    failureReporting: options.failureReporting ?? reportingFrom(environment),
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
    store: options.store ?? storeFrom(environment),
    deadLetters,
    observer,
    clock: options.ports?.clock ?? systemClock,
    randomness: options.ports?.randomness ?? systemRandomness,
    processExit: options.ports?.processExit ?? systemProcessExit,
    cache: new CompletionCache(options.rememberedCompletions ?? 1_000),
    prepare: (received, invocation) => prepare(received, preparation, observer, invocation),
  };
}

function preparationOf(options: KafkaHandlerOptions, environment: Environment): Preparation<unknown, Uint8Array> {
  const { businessId } = options;
  if (businessId === undefined && options.onMissingBusinessId === 'reject') {
    throw new ConfigurationError(
      'onMissingBusinessId',
      "'reject' needs businessId: without one every record lacks its ID",
    );
  }
  return {
    decoders: {
      // The overloads see to it that the handler takes what these decode.
      value: options.value ?? json(),
      key: options.key ?? bytes(),
    },
    businessId: businessId === undefined ? undefined : compileBusinessId(businessId, 'businessId'),
    fingerprint: compileFingerprint(options.fingerprint === undefined ? true : options.fingerprint, 'fingerprint'),
    keys: keySettingsOf(options, environment),
    holdsKeys: options.afterDeadLetter === 'holdKey',
    handle: options.handle,
  };
}

function keySettingsOf(
  options: Pick<KafkaHandlerOptions, 'namespace' | 'clusterLabel' | 'scope' | 'hash' | 'onMissingBusinessId'>,
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

function storeFrom(environment: Environment): IdempotencyStore {
  const tableName = variable(environment, 'table');
  if (tableName !== undefined) return dynamoDbStore({ tableName });
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
}: Pick<KafkaHandlerOptions, 'ordering' | 'onStoreFailure'>): void {
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
