import type { KafkaBatchResponse } from '../core/answer/batch-response.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import { runInvocation } from './invocation.ts';
import type { LambdaContext } from './lambda-context.ts';
import type { ModeSet } from './mode-set.ts';
import { checkOptions } from './options/check-options.ts';
import { checkVariables } from './options/environment.ts';
import { type AnyOptions, setupOf } from './setup.ts';

/**
 * A Lambda function handler: give it the event of a Kafka event source mapping and Lambda's context.
 *
 * Resolves to the partial batch response (empty when all is done). Rejects with `MalformedEventError` for what is no
 * Kafka event, and with `UndoneRecordsError` for undone records where reports are not granted; Lambda then delivers the
 * whole batch again. Invocations may run concurrently in one process.
 */
export type KafkaLambdaHandler = (event: unknown, context?: LambdaContext) => Promise<KafkaBatchResponse>;

/**
 * Makes a handler with the modes of an entry of the package, whose `kafkaHandler` says the rest.
 *
 * @throws ConfigurationError naming the option or variable that is unknown, mistyped, out of range, missing or contradictory.
 */
export function lambdaHandler<Options extends AnyOptions, Store extends IdempotencyStore>(
  options: Options,
  modes: ModeSet<Options, Store>,
): KafkaLambdaHandler {
  checkOptions(options);
  checkVariables(process.env);
  const setup = setupOf(options, process.env, modes);
  return async (event, context) => await runInvocation(event, context, setup);
}
