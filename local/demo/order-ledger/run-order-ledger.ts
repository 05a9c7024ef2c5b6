import { resetConsumerGroup } from '../../../lib/local/index.ts';
import type { Randomness } from '../../../lib/ports/randomness.ts';
import { attempt } from '../attempt.ts';
import { type ConsumerOptions, startConsumer } from '../consumer.ts';
import { disturbancePlan } from '../disturbance-plan.ts';
import { Disturber } from '../disturber.ts';
import type { DemoOptions } from '../options.ts';
import { bar, type Progress } from '../progress.ts';
import type { Rig } from '../rig.ts';
import { createTopic, deleteTopic, produce, readTopic } from '../topic.ts';
import { underFire } from '../under-fire.ts';
import type { Waiters } from '../waiters.ts';
import { type LedgerAccount, ledgerAccount, ledgerBroken } from './ledger-account.ts';
import { LedgerTables } from './ledger-tables.ts';
import { stepIn } from './step.ts';
import { stepRecords } from './step-records.ts';

/** The reckoning of the ledger, and how it came about. */
export interface LedgerResult extends LedgerAccount {
  readonly ledgerDeliveries: number;
  readonly ledgerKills: number;
}

export interface LedgerRun {
  readonly rig: Rig;
  readonly options: DemoOptions;
  readonly randomness: Pick<Randomness, 'fraction'>;
  /** Woken by each request of the function to DynamoDB. */
  readonly dynamodbRequests: Waiters;
  readonly onError: (text: string) => void;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Rejects as soon as `signal` is aborted. */
  readonly unlessAborted: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * Has orders booked in `transaction` mode on a topic and tables of their own, under fire, and everything delivered again.
 *
 * Nothing here honours an idempotency key: a step that takes effect twice moves a balance twice.
 */
export async function runOrderLedger(run: LedgerRun): Promise<LedgerResult & { readonly broken: readonly string[] }> {
  const { rig, options, unlessAborted, progress, signal } = run;
  const { partitions } = options;
  const topic = `${rig.topic}-ledger`;
  await using stack = new AsyncDisposableStack();
  await unlessAborted(createTopic(rig.brokers, topic, partitions));
  stack.defer(() => attempt(deleteTopic(rig.brokers, topic)));
  const tables = stack.use(await unlessAborted(LedgerTables.create(rig.dynamodb, topic)));
  const consumerOptions: ConsumerOptions = {
    entry: '../../handlers/order-ledger.ts',
    ...{ functionName: 'order-ledger', namespace: 'ledger', topic, consumerGroupId: topic, partitions },
    environment: { ORDER_TABLE: tables.orders, ACCOUNT_TABLE: tables.accounts },
    onError: run.onError,
  };

  const consumer = stack.use(await unlessAborted(startConsumer(rig, consumerOptions)));
  const disturber = new Disturber(rig, consumer, undefined);
  const { records: planned, steps } = stepRecords(ledgerRecords(options.records), partitions, run.randomness);
  const plan = disturbancePlan(steps, options.kills, options.cutSeconds > 0, run.randomness);
  const requestsBefore = rig.proxy.requests;
  const done = (): number => rig.proxy.requests - requestsBefore;
  const status = () => consumer.mapping.status();
  progress.note(`ledger: ${planned.length} records, effects commit with the marker`);
  progress.stage('ledger', () =>
    [
      `${status().deliveries} deliveries of ${planned.length} records`,
      `${disturber.kills}/${options.kills} kills`,
      `${done()} DynamoDB requests`,
    ].join(', '),
  );
  const fire = { plan, consumer, disturber, done, steps: run.dynamodbRequests, remark: () => '' };
  await unlessAborted(
    underFire({ ...fire, cutSeconds: options.cutSeconds, progress, signal }, () =>
      produce(rig.brokers, topic, planned, signal),
    ),
  );
  const letters = await unlessAborted(rig.queue.takeAll());
  const first = status();
  await consumer[Symbol.asyncDispose]();

  await resetConsumerGroup({ brokers: rig.brokers, topic, consumerGroupId: topic });
  const second = stack.use(await unlessAborted(startConsumer(rig, consumerOptions)));
  progress.stage('delivering the ledger again', () => bar(second.mapping.status().deliveries, planned.length));
  await unlessAborted(second.mapping.drained());
  const again = second.mapping.status();
  await second[Symbol.asyncDispose]();

  progress.stage('auditing the ledger');
  const records = await unlessAborted(readTopic(rig.brokers, topic, partitions, stepIn));
  const [books, lateLetters] = await unlessAborted(Promise.all([tables.read(), rig.queue.takeAll()]));
  const account = ledgerAccount({ records, books, letters, lateLetters });
  const { kills } = disturber;
  return {
    ...account,
    ledgerDeliveries: first.deliveries + again.deliveries,
    ledgerKills: kills,
    broken: ledgerBroken(account, { kills, droppedRecords: first.droppedRecords + again.droppedRecords }),
  };
}

/** A read and a transaction each: the ledger has fewer records than the topic of charges. */
function ledgerRecords(records: number): number {
  return Math.max(400, Math.ceil(records / 20));
}
