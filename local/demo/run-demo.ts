import { fallbackKey, type KeySettings } from '../../lib/core/idempotency-key/idempotency-key.ts';
import { resetConsumerGroup } from '../../lib/local/index.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import { type Account, account, broken } from './account.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import type { FoundLetter } from './dead-letter-queue.ts';
import { type Disturbance, disturbancePlan } from './disturbance-plan.ts';
import { Disturber } from './disturber.ts';
import { LastLines } from './last-lines.ts';
import type { DemoOptions } from './options.ts';
import { type LedgerResult, runOrderLedger } from './order-ledger/run-order-ledger.ts';
import { type OrderRecords, orderRecords } from './order-records.ts';
import { bar, type Progress } from './progress.ts';
import { recordKind } from './record-kind.ts';
import { type Rig, startRig } from './rig.ts';
import { produce, readTopic } from './topic.ts';
import { UnconfirmedCharges } from './unconfirmed-charges.ts';
import { underFire } from './under-fire.ts';
import { undoneReferences } from './undone-references.ts';
import { Waiters } from './waiters.ts';

/** A run's reckoning, how it came about, and what it broke; without idempotency there is no ledger. */
export interface DemoResult extends Account, Partial<LedgerResult> {
  /** Of the charges and of the ledger. */
  readonly mode: 'claim, transaction' | 'without idempotency';
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

const namespace = 'charges';

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
  const charges = new Waiters();
  const dynamodbRequests = new Waiters();
  progress.stage('starting Kafka, DynamoDB and SQS');
  await using stack = new AsyncDisposableStack();
  const rig = stack.use(
    await unlessAborted(
      startRig(partitions, {
        onProgress: (text) => progress.note(text),
        onCharge: () => charges.wake(),
        onDynamoDbRequest: () => dynamodbRequests.wake(),
      }),
    ),
  );
  const errors = new LastLines();
  const unconfirmed = withIdempotency ? new UnconfirmedCharges(rig.gateway.ledger, rig.table) : undefined;
  const consumerOptions = {
    entry: withIdempotency ? '../../handlers/charge-orders.ts' : 'unprotected-charge-orders.ts',
    ...{ functionName: 'charge-orders', namespace, topic: rig.topic, consumerGroupId: rig.consumerGroupId, partitions },
    environment: { PAYMENT_GATEWAY_URL: rig.gateway.url },
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
        runPhase({ phase, planned, plan, rig, consumer, disturber, unconfirmed, charges, options, progress, signal }),
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
    const records = await unlessAborted(readTopic(rig.brokers, rig.topic, partitions, recordKind));
    const lateLetters = await unlessAborted(rig.queue.takeAll());
    const result = account({
      ...{ records, letters, lateLetters, completedCharges },
      requests: rig.gateway.ledger.requests,
      windows: unconfirmed?.windows ?? [],
    });
    const { kills } = disturber;
    const { requests: requestsOfCharges } = rig.proxy;
    const onError = (text: string): void => errors.add(text);
    const common = { rig, options, randomness, dynamodbRequests, onError, progress, signal, unlessAborted };
    const { broken: brokenLedger = [], ...ledger } = withIdempotency ? await runOrderLedger(common) : {};
    const droppedRecords = first.droppedRecords + again.droppedRecords;
    return {
      ...result,
      ...ledger,
      mode: withIdempotency ? 'claim, transaction' : 'without idempotency',
      seed: options.seed,
      partitions,
      deliveries: first.deliveries + again.deliveries,
      invocations: first.invocations + again.invocations,
      kills,
      dynamodbRequests: requestsOfCharges,
      seconds: Math.round((performance.now() - startedAtMs) / 100) / 10,
      kafkaVersion: rig.parts.kafkaVersion,
      dynamodbVersion: rig.parts.dynamodbVersion,
      broken: [...broken(result, { kills, droppedRecords }), ...brokenLedger],
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
  /** Woken by each charge. */
  readonly charges: Waiters;
  readonly options: DemoOptions;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function runPhase(run: PhaseRun): Promise<void> {
  const { phase, planned, plan, rig, consumer, disturber, unconfirmed, charges, options, progress, signal } = run;
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
  const done = (): number => ledger.ordersCharged(phase);
  const remark = (): string => {
    const window = unconfirmed?.windows.findLast(({ cause }) => cause === 'disturbance');
    return window === undefined ? '' : `, ${window.references.length} charges unconfirmed`;
  };
  const { cutSeconds } = options;
  await underFire({ plan, consumer, disturber, done, steps: charges, cutSeconds, progress, remark, signal }, () =>
    produce(rig.brokers, rig.topic, planned.records, signal),
  );
}

/** Completed markers but those of dead letters, which stand under their coordinates. */
async function chargeMarkers(rig: Rig, letters: readonly FoundLetter[]): Promise<number> {
  const ofLetters = new Set(letters.map((letter) => fallbackKey(letter, keys)));
  return [...(await rig.table.allCompleted())].filter((key) => !ofLetters.has(key)).length;
}
