import { join } from 'node:path';
import {
  type ChildProcessFunction,
  childProcessFunction,
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../lib/local/index.ts';
import { GatedFunction } from './gated-function.ts';
import type { Rig } from './rig.ts';

/** The function in processes of its own, and the event source mapping that invokes it. */
export interface Consumer extends AsyncDisposable {
  readonly function: ChildProcessFunction;
  readonly gate: GatedFunction;
  readonly mapping: EventSourceMapping;
}

/** What a consumer runs, and on what. */
export interface ConsumerOptions {
  /** The file with the handler, from this folder. */
  readonly entry: string;
  readonly functionName: string;
  readonly namespace: string;
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly partitions: number;
  /** What the function needs beside what every one gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the function writes to its standard error. */
  readonly onError: (text: string) => void;
  readonly onReturned?: (event: string, answer: string) => Promise<void>;
}

const leaseMs = 3_000;
const functionTimeoutSeconds = 30;
/** Few, with many partitions each: their records share requests, and each starts a process anew after a kill. */
const mostPollers = 2;

/** Starts the consumer where its group has stopped. */
export async function startConsumer(rig: Rig, options: ConsumerOptions): Promise<Consumer> {
  await using stack = new AsyncDisposableStack();
  const pollers = Math.min(mostPollers, options.partitions);
  const invoked = stack.adopt(
    childProcessFunction({
      entry: join(import.meta.dirname, options.entry),
      functionName: options.functionName,
      timeoutSeconds: functionTimeoutSeconds,
      concurrency: pollers,
      environment: functionEnvironment(rig, options),
      onOutput: (stream, chunk) => {
        if (stream === 'stderr') options.onError(Buffer.from(chunk).toString('utf8'));
      },
    }),
    (made) => made.close(),
  );
  const gate = new GatedFunction(invoked, options.onReturned ?? (() => Promise.resolve()));
  const mapping = await startEventSourceMapping({
    brokers: rig.brokers,
    topic: options.topic,
    consumerGroupId: options.consumerGroupId,
    function: gate,
    pollers,
    settings: {
      batchSize: 200,
      batchingWindowMs: 0,
      provisionedPollers: { minimum: 1 },
      functionResponseTypes: ['ReportBatchItemFailures'],
    },
  });
  const owned = stack.move();
  return {
    ...{ function: invoked, gate, mapping },
    async [Symbol.asyncDispose]() {
      gate.end();
      // First the processes, or the mapping would wait for their invocations.
      await owned.disposeAsync();
      await mapping.stop();
    },
  };
}

function functionEnvironment(rig: Rig, { namespace, topic, environment }: ConsumerOptions): Record<string, string> {
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(credentials),
    ...rig.parts.env,
    AWS_ENDPOINT_URL_DYNAMODB: rig.proxy.url,
    KAFKA_ONCE_TABLE: rig.table.name,
    KAFKA_ONCE_NAMESPACE: namespace,
    KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: rig.queue.url,
    KAFKA_ONCE_REPORT_TOPICS: topic,
    KAFKA_ONCE_LEASE_MS: String(leaseMs),
    ...environment,
  };
}
