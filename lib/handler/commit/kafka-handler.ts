import type { Decoder } from '../../core/decode/decoder.ts';
import type { Decoders } from '../handler-options.ts';
import { type KafkaLambdaHandler, lambdaHandler } from '../lambda-handler.ts';
import { everyMode } from './every-mode.ts';
import type { KafkaHandlerOptions } from './mode-options.ts';

/**
 * `kafkaHandler` of every mode: `transaction`, `position`, `mark` and `claim`.
 *
 * Wraps a function that handles one record, or many, into a Lambda handler in which each record takes effect once, as its
 * `mode` says it. See `KafkaHandlerOptions` for each mode, its options, their defaults and what they cost. That of the main
 * entry has `claim` mode alone, and is 60 KB lighter.
 *
 * @throws ConfigurationError naming the option that is unknown, mistyped, out of range, missing or contradictory.
 */
// The first three are for those whose own types are parameters, the last one for the rest: the compiler reports what it says.
export function kafkaHandler<Value, Key>(
  options: KafkaHandlerOptions<Value, Key> & { readonly value: Decoder<Value>; readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler<Value>(
  options: KafkaHandlerOptions<Value, Uint8Array> & { readonly value: Decoder<Value> },
): KafkaLambdaHandler;
export function kafkaHandler<Key>(
  options: KafkaHandlerOptions<unknown, Key> & { readonly key: Decoder<Key> },
): KafkaLambdaHandler;
export function kafkaHandler<Value = unknown, Key = Uint8Array>(
  options: KafkaHandlerOptions<Value, Key> & Decoders<NoInfer<Value>, NoInfer<Key>>,
): KafkaLambdaHandler;
export function kafkaHandler(options: KafkaHandlerOptions): KafkaLambdaHandler {
  return lambdaHandler(options, everyMode);
}
