import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { KafkaBatchResponse } from '../../../../lib/core/answer/batch-response.ts';
import type { ClaimOptions } from '../../../../lib/handler/handler-options.ts';
import { kafkaHandler } from '../../../../lib/handler/kafka-handler.ts';
import type { LambdaContext } from '../../../../lib/handler/lambda-context.ts';
import type { KafkaLambdaHandler } from '../../../../lib/handler/lambda-handler.ts';
import type { Observation } from '../../../../lib/ports/observer.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';
import { at } from '../../../support/handler-bench.ts';

/** What an invocation came to, as Lambda sees it. */
export type Ended = { readonly answered: KafkaBatchResponse } | { readonly threw: unknown };

/**
 * A handler as a user makes it, without a dead-letter sink, over a memory store and a clock that stands still.
 *
 * Unlike the bench it leaves every option as it is given, and hands on any event and any context.
 */
export class PlainRun {
  readonly clock: FakeClock = new FakeClock();
  readonly store: MemoryStore = new MemoryStore();
  readonly observations: Observation[] = [];
  readonly exits: string[] = [];
  readonly handler: KafkaLambdaHandler;

  constructor(options: ClaimOptions) {
    this.handler = kafkaHandler({
      namespace: 'plain',
      store: this.store,
      observer: { observe: (observation) => this.observations.push(observation), log: () => undefined },
      ports: {
        clock: this.clock,
        randomness: new SeededRandomness(1),
        processExit: { exit: (reason) => this.exits.push(reason) },
      },
      ...options,
    });
  }

  /** Lambda's context with so much time left from now on. */
  context(remainingMs: number = 60_000): LambdaContext {
    const deadlineMs = this.clock.nowMs() + remainingMs;
    return { getRemainingTimeInMillis: () => deadlineMs - this.clock.nowMs() };
  }

  /** Runs an invocation while the clock moves from timer to timer. */
  async invoke(event: unknown, context: LambdaContext | undefined = this.context()): Promise<Ended> {
    return await this.clock.runUntilSettled(this.start(event, context));
  }

  async invokeWithoutContext(event: unknown): Promise<Ended> {
    return await this.clock.runUntilSettled(settled(this.handler(event)));
  }

  /** Starts an invocation without moving the clock. */
  start(event: unknown, context: LambdaContext | undefined = this.context()): Promise<Ended> {
    return settled(this.handler(event, context));
  }

  outcomes(): Readonly<Record<string, string>> {
    return outcomesIn(this.observations);
  }
}

function settled(answer: Promise<KafkaBatchResponse>): Promise<Ended> {
  return answer.then(
    (answered) => ({ answered }),
    (threw: unknown) => ({ threw }),
  );
}

/** The outcome of each record that was told to the observer. */
function outcomesIn(observations: readonly Observation[]): Readonly<Record<string, string>> {
  const ended = observations.flatMap((one) => (one.type === 'recordEnded' ? [one] : []));
  return Object.fromEntries(ended.map((one) => [at(one.coordinates), one.outcome]));
}
