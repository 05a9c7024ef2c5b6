import type { KafkaBatchResponse } from '../core/answer/batch-response.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { KafkaHandlerOptions } from './handler-options.ts';
import { runInvocation } from './invocation.ts';
import type { LambdaContext } from './lambda-context.ts';
import { checkOptions } from './options/check-options.ts';
import { checkVariables } from './options/environment.ts';
import { setupOf } from './setup.ts';

/**
 * A Lambda function handler: give it the event of a Kafka event source mapping and Lambda's context.
 *
 * Resolves to the partial batch response (empty when all is done). Rejects with `MalformedEventError` for what is no
 * Kafka event, and with `UndoneRecordsError` for undone records where reports are not granted; Lambda then delivers the
 * whole batch again. Invocations may run concurrently in one process.
 */
export type KafkaLambdaHandler = (event: unknown, context?: LambdaContext) => Promise<KafkaBatchResponse>;

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
