import type { Decoder } from '../core/decode/decoder.ts';
import { claimsOnly } from './claims-only.ts';
import type { ClaimOptions, Decoders } from './handler-options.ts';
import { type KafkaLambdaHandler, lambdaHandler } from './lambda-handler.ts';

/**
 * Wraps a function that handles one record into a Lambda handler in which each record takes effect once.
 *
 * Of each record: decode, idempotency key, claim, handle, completion; then the batch's answer. See `ClaimOptions` for each
 * option, its default and what it costs; `kafkaHandler` of `kafka-once/modes` has the modes without claims too.
 *
 * @throws ConfigurationError naming the option that is unknown, mistyped, out of range, missing or contradictory.
 */
// The first three are for those whose own types are parameters, the last one for the rest: the compiler reports what it says.
export function kafkaHandler<Value, Key>(
  options: ClaimOptions<Value, Key> & { readonly value: Decoder<Value>; readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler<Value>(
  options: ClaimOptions<Value, Uint8Array> & { readonly value: Decoder<Value> },
): KafkaLambdaHandler;
export function kafkaHandler<Key>(
  options: ClaimOptions<unknown, Key> & { readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler<Value = unknown, Key = Uint8Array>(
  options: ClaimOptions<Value, Key> & Decoders<NoInfer<Value>, NoInfer<Key>>,
): KafkaLambdaHandler;
export function kafkaHandler(options: ClaimOptions): KafkaLambdaHandler {
  return lambdaHandler(options, claimsOnly);
}
