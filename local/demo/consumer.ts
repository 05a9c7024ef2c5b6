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

export const namespace = 'charges';
const leaseMs = 3_000;
const functionTimeoutSeconds = 30;
/** Few, with many partitions each: their records share requests, and each starts a process anew after a kill. */
const mostPollers = 2;

/** Starts the consumer where its group has stopped; `onError` takes what the function writes to its standard error. */
export async function startConsumer(
  rig: Rig,
  options: {
    readonly partitions: number;
    readonly withIdempotency: boolean;
    readonly onError: (text: string) => void;
    readonly onReturned: (event: string, answer: string) => Promise<void>;
  },
): Promise<Consumer> {
  await using stack = new AsyncDisposableStack();
  const entry = options.withIdempotency ? '../../handlers/charge-orders.ts' : 'unprotected-charge-orders.ts';
  const pollers = Math.min(mostPollers, options.partitions);
  const chargeOrders = stack.adopt(
    childProcessFunction({
      entry: join(import.meta.dirname, entry),
      functionName: 'charge-orders',
      timeoutSeconds: functionTimeoutSeconds,
      concurrency: pollers,
      environment: functionEnvironment(rig),
      onOutput: (stream, chunk) => {
        if (stream === 'stderr') options.onError(Buffer.from(chunk).toString('utf8'));
      },
    }),
    (made) => made.close(),
  );
  const gate = new GatedFunction(chargeOrders, options.onReturned);
  const mapping = await startEventSourceMapping({
    brokers: rig.brokers,
    topic: rig.topic,
    consumerGroupId: rig.consumerGroupId,
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
    ...{ function: chargeOrders, gate, mapping },
    async [Symbol.asyncDispose]() {
      gate.end();
      // First the processes, or the mapping would wait for their invocations.
      await owned.disposeAsync();
      await mapping.stop();
    },
  };
}

function functionEnvironment(rig: Rig): Record<string, string> {
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
    KAFKA_ONCE_REPORT_TOPICS: rig.topic,
    PAYMENT_GATEWAY_URL: rig.gateway.url,
    KAFKA_ONCE_LEASE_MS: String(leaseMs),
  };
}
