import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MessageToProduce, Producer } from '@platformatic/kafka';
import { inject, onTestFinished } from 'vitest';
import {
  type ChildProcessFunction,
  type ChildProcessFunctionOptions,
  childProcessFunction,
  type EventSourceMapping,
  type EventSourceMappingOptions,
  type FunctionInvoker,
  type InvocationResult,
  startEventSourceMapping,
} from '../../../lib/local/index.ts';
import { freshName } from '../../support/fresh.ts';
import type { Step } from './functions/scripted.ts';

const functions: string = join(import.meta.dirname, 'functions');

/** Path of a function's module. */
export function entry(name: string): string {
  return join(functions, name);
}

/** Produces to the topic in order, each record exactly once. */
export async function produce(topic: string, records: readonly Omit<MessageToProduce, 'topic'>[]): Promise<void> {
  // Idempotent: a plain producer sends all partitions of a request again when the leader of one is not known yet.
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: inject('kafkaBrokers'), idempotent: true });
  try {
    for (let from = 0; from < records.length; from += 1000) {
      await producer.send({ messages: records.slice(from, from + 1000).map((record) => ({ ...record, topic })) });
    }
  } finally {
    await producer.close();
  }
}

/** `count` records, one partition after the other, whose value is their number. */
export function numbered(count: number, partitions: number): Omit<MessageToProduce, 'topic'>[] {
  return Array.from({ length: count }, (_, n) => ({ partition: n % partitions, value: Buffer.from(String(n)) }));
}

/** A function that is closed when the test ends. */
export function localFunction(options: ChildProcessFunctionOptions): ChildProcessFunction {
  const made = childProcessFunction({ onOutput: () => {}, timeoutSeconds: 30, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** A function that does one step after the other. */
export function scripted(
  script: readonly Step[],
  options: Partial<ChildProcessFunctionOptions> = {},
): ChildProcessFunction {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-once-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const COUNTER = join(folder, 'invocations');
  const environment = { SCRIPT: JSON.stringify(script), COUNTER };
  return localFunction({ entry: entry('scripted.ts'), environment, ...options });
}

/** The deliveries that went through, each as `<partition>@<offset>` in the order of the event. */
export interface Recorded extends FunctionInvoker {
  readonly payloads: string[];
  /** By invocation, as `payloads`. */
  readonly results: InvocationResult[];
  deliveries(): string[][];
}

/** The same function, with everything it is given and returns noted. */
export function recorded(invoker: FunctionInvoker): Recorded {
  const payloads: string[] = [];
  const results: InvocationResult[] = [];
  return {
    timeoutSeconds: invoker.timeoutSeconds,
    payloads,
    results,
    async invoke(payload) {
      const invocation = payloads.push(payload) - 1;
      const result = await invoker.invoke(payload);
      results[invocation] = result;
      return result;
    },
    deliveries: () => payloads.map((payload) => deliveredIn(payload)),
  };
}

function deliveredIn(payload: string): string[] {
  const { records }: { records: Record<string, { partition: number; offset: number }[]> } = JSON.parse(payload);
  return Object.values(records)
    .flat()
    .map(({ partition, offset }) => `${partition}@${offset}`);
}

/** A mapping that is stopped when the test ends; retries come quickly and windows close at once unless set otherwise. */
export async function mapping(
  options: Omit<EventSourceMappingOptions, 'brokers' | 'consumerGroupId'> & { readonly consumerGroupId?: string },
): Promise<EventSourceMapping> {
  const started = await startEventSourceMapping({
    brokers: inject('kafkaBrokers'),
    consumerGroupId: freshName('group'),
    retryBackoff: { baseMs: 10, maximumMs: 50 },
    ...options,
    settings: {
      provisionedPollers: { minimum: 1 },
      functionResponseTypes: ['ReportBatchItemFailures'],
      batchingWindowMs: 0,
      ...options.settings,
    },
  });
  onTestFinished(() => started.stop());
  return started;
}
