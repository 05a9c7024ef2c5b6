import { setTimeout as delay } from 'node:timers/promises';
import { fallbackKey, type KeySettings } from '../../lib/core/idempotency-key/idempotency-key.ts';
import { resetConsumerGroup } from '../../lib/local/index.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import { type Account, account, broken } from './account.ts';
import { type Consumer, namespace, startConsumer } from './consumer.ts';
import type { FoundLetter } from './dead-letter-queue.ts';
import { type Disturbance, disturbancePlan } from './disturbance-plan.ts';
import { Disturber } from './disturber.ts';
import type { DemoOptions } from './options.ts';
import { type OrderRecords, orderRecords } from './order-records.ts';
import { bar, type Progress } from './progress.ts';
import { type Rig, startRig } from './rig.ts';
import { produce, readTopic } from './topic.ts';
import { UnconfirmedCharges } from './unconfirmed-charges.ts';
import { undoneReferences } from './undone-references.ts';
import { Waiters } from './waiters.ts';

/** A run's reckoning, how it came about, and what it broke. */
export interface DemoResult extends Account {
  readonly mode: 'claim' | 'without idempotency';
  readonly seed: number;
  readonly partitions: number;
  /** Records handed to the function, redeliveries and the second delivery of everything included. */
  readonly deliveries: number;
  readonly invocations: number;
  readonly kills: number;
  readonly dynamodbRequests: number;
  /** From the start of the servers to the end of the audit. */
  readonly seconds: number;
  readonly kafkaVersion: string;
  readonly dynamodbVersion: string;
  /** Empty when every promise was kept. */
  readonly broken: readonly string[];
}

const keys: KeySettings = {
  namespace,
  clusterLabel: 'default',
  scope: 'topic',
  hash: 'sha256',
  onMissingBusinessId: 'fallback',
};

/**
 * Runs the demo from the start of the servers to the audit, and leaves nothing behind.
 *
 * @throws the reason of `signal` when it is aborted.
 */
export async function runDemo(options: DemoOptions, progress: Progress, signal: AbortSignal): Promise<DemoResult> {
  const startedAtMs = performance.now();
  const { partitions, withIdempotency } = options;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const unlessAborted = <T>(work: Promise<T>): Promise<T> => Promise.race([work, aborted]);
  const requests = new Waiters();
  progress.stage('starting Kafka, DynamoDB and SQS');
  await using stack = new AsyncDisposableStack();
  const rig = stack.use(
    await unlessAborted(
      startRig(partitions, { onProgress: (text) => progress.note(text), onRequest: () => requests.wake() }),
    ),
  );
  const errors = new LastLines();
  const unconfirmed = withIdempotency ? new UnconfirmedCharges(rig.gateway.ledger, rig.table) : undefined;
  const consumerOptions = {
    ...{ partitions, withIdempotency },
    onError: (text: string) => errors.add(text),
    onReturned: async (event: string, answer: string) => {
      await unconfirmed?.afterAnswer(undoneReferences(event, answer));
    },
  };
  try {
    const consumer = stack.use(await unlessAborted(startConsumer(rig, consumerOptions)));
    const disturber = new Disturber(rig, consumer, unconfirmed);
    const randomness = new SeededRandomness(options.seed);
    for (const phase of [1, 2] as const) {
      const count = phase === 1 ? Math.ceil(options.records / 2) : Math.floor(options.records / 2);
      const planned = orderRecords(phase, count, partitions, randomness);
      const kills = phase === 1 ? Math.floor(options.kills / 2) : Math.ceil(options.kills / 2);
      // Without the store the function does not know DynamoDB.
      const cuts = phase === 2 && withIdempotency && options.cutSeconds > 0;
      const plan = disturbancePlan(planned.orders, kills, cuts, randomness);
      rig.gateway.ledger.phase = phase;
      await unlessAborted(
        runPhase({ phase, planned, plan, rig, consumer, disturber, unconfirmed, requests, options, progress, signal }),
      );
    }
    const letters = await unlessAborted(rig.queue.takeAll());
    const completedCharges = withIdempotency ? await chargeMarkers(rig, letters) : undefined;
    const first = consumer.mapping.status();
    await consumer[Symbol.asyncDispose]();

    rig.gateway.ledger.phase = 3;
    await resetConsumerGroup(rig);
    const second = stack.use(await unlessAborted(startConsumer(rig, consumerOptions)));
    progress.stage('delivering everything again', () => {
      return bar(second.mapping.status().deliveries, options.records);
    });
    await unlessAborted(second.mapping.drained());
    const again = second.mapping.status();
    await second[Symbol.asyncDispose]();

    progress.stage('auditing');
    const records = await unlessAborted(readTopic(rig.brokers, rig.topic, partitions));
    const lateLetters = await unlessAborted(rig.queue.takeAll());
    const result = account({
      ...{ records, letters, lateLetters, completedCharges },
      requests: rig.gateway.ledger.requests,
      windows: unconfirmed?.windows ?? [],
    });
    const { kills } = disturber;
    const droppedRecords = first.droppedRecords + again.droppedRecords;
    return {
      ...result,
      mode: withIdempotency ? 'claim' : 'without idempotency',
      seed: options.seed,
      partitions,
      deliveries: first.deliveries + again.deliveries,
      invocations: first.invocations + again.invocations,
      kills,
      dynamodbRequests: rig.proxy.requests,
      seconds: Math.round((performance.now() - startedAtMs) / 100) / 10,
      kafkaVersion: rig.parts.kafkaVersion,
      dynamodbVersion: rig.parts.dynamodbVersion,
      broken: broken(result, { kills, droppedRecords }),
    };
  } catch (error) {
    if (!signal.aborted) for (const line of errors.lines) progress.note(`function: ${line}`);
    throw error;
  }
}

interface PhaseRun {
  readonly phase: 1 | 2;
  readonly planned: OrderRecords;
  readonly plan: readonly Disturbance[];
  readonly rig: Rig;
  readonly consumer: Consumer;
  readonly disturber: Disturber;
  readonly unconfirmed: UnconfirmedCharges | undefined;
  readonly requests: Waiters;
  readonly options: DemoOptions;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Produces the records of a phase while the consumer works and is disturbed; ends when all of it is done. */
async function runPhase(run: PhaseRun): Promise<void> {
  const { phase, planned, rig, consumer, disturber, requests, options, progress, signal } = run;
  const { ledger } = rig.gateway;
  const gateway = phase === 1 ? 'gateway honours idempotency keys' : 'gateway ignores idempotency keys';
  progress.note(`phase ${phase}: ${planned.records.length} records, ${gateway}`);
  progress.stage(`phase ${phase}`, () =>
    [
      bar(ledger.ordersCharged(phase), planned.orders),
      `${ledger.charges} charges`,
      `${consumer.mapping.status().deliveries} deliveries`,
      `${disturber.kills}/${options.kills} kills`,
      `${rig.proxy.requests} DynamoDB requests`,
    ].join(', '),
  );
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  over.addEventListener('abort', () => requests.wake(), { once: true });
  const disturbing = disturb(run, over);
  disturbing.catch(() => {}); // It is awaited below, after the producer.
  try {
    await produce(rig.brokers, rig.topic, planned.records, signal);
    // Disturbances that fail must end the phase even if the consumer never would.
    await Promise.race([consumer.mapping.drained(), disturbing.then(() => consumer.mapping.drained())]);
  } finally {
    ended.abort();
  }
  await disturbing;
  await consumer.gate.idle();
}

async function disturb(run: PhaseRun, over: AbortSignal): Promise<void> {
  const { phase, plan, rig, disturber, unconfirmed, requests, options, progress } = run;
  const { ledger } = rig.gateway;
  for (const { kind, afterOrders, delayMs } of plan) {
    for (let isDone = false; !isDone && !over.aborted; ) {
      while (ledger.ordersCharged(phase) <= afterOrders && !over.aborted) await requests.next();
      await delay(delayMs);
      // An order is charged at this moment, so an invocation is under way.
      if (!over.aborted) await requests.next();
      if (over.aborted) return;
      if (kind === 'cut') {
        progress.note(`DynamoDB is cut off for ${options.cutSeconds} s`);
        await disturber.cut(options.cutSeconds * 1000);
        isDone = true;
      } else isDone = await disturber.kill();
      const window = unconfirmed?.windows.findLast(({ cause }) => cause === 'disturbance');
      const left = window === undefined ? '' : `, ${window.references.length} charges unconfirmed`;
      if (isDone) progress.note(kind === 'cut' ? `DynamoDB is back${left}` : `kill ${disturber.kills}${left}`);
    }
  }
}

/** Completed markers but those of dead letters, which stand under their coordinates. */
async function chargeMarkers(rig: Rig, letters: readonly FoundLetter[]): Promise<number> {
  const ofLetters = new Set(letters.map((letter) => fallbackKey(letter, keys)));
  return [...(await rig.table.allCompleted())].filter((key) => !ofLetters.has(key)).length;
}

/** The end of what the function wrote to its standard error, to be shown if the demo fails. */
class LastLines {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-4_000);
  }

  get lines(): readonly string[] {
    return this.#text.split('\n').filter((line) => line !== '');
  }
}
