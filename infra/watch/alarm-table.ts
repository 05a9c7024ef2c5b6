import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  alarmPeriod,
  deadLetterAge,
  errorShare,
  fallbackShare,
  mappingMetric,
  offsetLagGrowth,
  ownMetric,
  smallestLag,
  waitingUnread,
} from './alarm-metrics.ts';
import type { AlarmName, AlarmRow } from './alarm-row.ts';

/** Once is enough: what it counts is no part of a retry or of a crash recovery. */
const atOnce = {
  threshold: 1,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missing: TreatMissingData.NOT_BREACHING,
} as const;

/** In each of three periods: a retry, or the recovery from a crash (lease, clock skew, redelivery), is over in one or two. */
const forAQuarterOfAnHour = {
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  missing: TreatMissingData.NOT_BREACHING,
} as const;

/**
 * Every alarm there is. Alarms, their tests and the test of docs/runbook.md are made from it.
 *
 * None is raised by a single retry or by a normal recovery from a crash: both end by themselves, and who is woken for
 * nothing stops looking.
 */
export const alarmTable: Readonly<Record<AlarmName, AlarmRow>> = {
  offsetLag: {
    title: 'Offset lag',
    meaning: 'The consumer is far behind the end of its topic, and has been for a quarter of an hour.',
    why: 'The lowest lag of each period, so that a burst that is worked off does not count. Without data the state is kept: a mapping that no longer polls has not caught up. The right number depends on the topic; set it.',
    metric: (metrics) => metrics.metricOffsetLag({ statistic: Stats.MINIMUM, period: alarmPeriod }),
    threshold: 10_000,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    missing: TreatMissingData.IGNORE,
  },
  offsetLagGrowth: {
    title: 'Offset lag growth',
    meaning: 'The lag has grown for half an hour: the consumer is slower than the producers, or a partition is stuck.',
    why: `Growth of the lowest lag from period to period, in records, above a lag of ${smallestLag}: the same on every topic. One period of six may be better. Where the mapping has it, it stands on the mapping's own SumOffsetLag, so that the two lag alarms do not stand on one metric.`,
    metric: offsetLagGrowth,
    threshold: 1,
    evaluationPeriods: 6,
    datapointsToAlarm: 5,
    missing: TreatMissingData.NOT_BREACHING,
  },
  notReading: {
    title: 'Not reading',
    meaning: 'Records have waited for a quarter of an hour, and the function was not invoked once.',
    why: 'It stands on metrics that are always there, so it watches an on-demand mapping too. A topic that is idle has no lag, or no metric of it, and raises nothing. A hundred, because the markers of transactions have offsets too, which may stay in the lag of an idle topic, one a partition. Where the batching window and an invocation may together take over a quarter of an hour, set more periods. Whether Lambda goes on sending the lag of a mapping that is disabled or cannot connect, AWS does not say: the last lag counts on, and without any the state is kept.',
    needs: ['enabledMapping'],
    metric: waitingUnread,
    threshold: 100,
    ...forAQuarterOfAnHour,
    missing: TreatMissingData.IGNORE,
  },
  notInvoked: {
    title: 'Not invoked',
    meaning:
      'The function was not invoked for a quarter of an hour, and its topic is said never to be quiet for so long.',
    why: 'The one sign that a mapping on demand always gives when it stops with nothing behind it: then no lag tells. On a topic that may be idle it would wake for nothing, so it is made only where it is asked for; let the periods outlast the longest quiet.',
    needs: ['enabledMapping'],
    onlyIfSet: true,
    metric: (metrics) => metrics.metricFunction('Invocations', { period: alarmPeriod }),
    comparison: 'below',
    threshold: 1,
    ...forAQuarterOfAnHour,
    missing: TreatMissingData.BREACHING,
  },
  oldestUndoneAge: {
    title: 'Age of the oldest undone record',
    meaning:
      'A record that is more than a quarter of an hour old is delivered again and again; its partition waits behind it.',
    why: 'In each of three periods, because a consumer that catches up sees old records, and one of them may fail once. Without an invocation the state is kept: nothing has been done since.',
    metric: ownMetric('OldestUndoneAge'),
    threshold: 15 * 60,
    ...forAQuarterOfAnHour,
    missing: TreatMissingData.IGNORE,
  },
  notPolling: {
    title: 'Not polling',
    meaning:
      'The event source mapping has not polled the topic for a quarter of an hour: it is disabled, or cannot reach or read the cluster.',
    why: 'A poll that finds nothing counts as 0, so a mapping that lives always has values. Missing data is the alarm.',
    needs: ['EventCount', 'enabledMapping'],
    metric: (metrics) =>
      metrics.metricMapping('PolledEventCount', { statistic: Stats.SAMPLE_COUNT, period: alarmPeriod }),
    comparison: 'below',
    threshold: 1,
    ...forAQuarterOfAnHour,
    missing: TreatMissingData.BREACHING,
  },
  pollingErrors: {
    title: 'Polling errors',
    meaning: 'The event source mapping fails to read from the cluster, again and again.',
    why: 'Brokers that restart cause some; those of a wrong secret or a closed port stay. It has values only when there are errors.',
    needs: ['ErrorCount'],
    metric: mappingMetric('PollingErrorCount'),
    threshold: 1,
    ...forAQuarterOfAnHour,
  },
  deadLetters: {
    title: 'Dead letters',
    meaning: 'Records were given up on and stored as dead letters: somebody has to decide what becomes of them.',
    why: 'A letter is written after every attempt was used up, or where no attempt could help. Raise it where a producer is known to send some.',
    metric: (metrics) => metrics.metricDeadLetters({ period: alarmPeriod }),
    ...atOnce,
  },
  deadLetterAge: {
    title: 'Age of the oldest dead letter',
    meaning: 'A dead letter has waited for three days; the queue deletes it when its retention is over.',
    why: 'Three days outlast a weekend and leave eleven of fourteen. Letters are sent to the queue, not moved there, so the age counts from the letter. A queue that nobody touches may send nothing: the state is kept.',
    needs: ['deadLetterQueue'],
    metric: deadLetterAge,
    threshold: 3 * 24 * 60 * 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: TreatMissingData.IGNORE,
  },
  deadLetterFailures: {
    title: 'Dead letter failures',
    meaning: 'Dead letters cannot be stored, so their records stay undone and hold up their partitions.',
    why: 'SQS may refuse one call. Two of three periods mean that it does not get better by itself.',
    metric: ownMetric('DeadLetterFailures'),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missing: TreatMissingData.NOT_BREACHING,
  },
  droppedRecords: {
    title: 'Dropped records',
    meaning:
      'Lambda dropped records for good, because a limit of the mapping was reached and they could not be sent to a destination.',
    why: 'Loss. Without limits on retries and age, the default, it stays at 0.',
    needs: ['EventCount'],
    metric: mappingMetric('DroppedEventCount'),
    ...atOnce,
  },
  batchesGivenUp: {
    title: 'Batches given up',
    meaning:
      'Lambda gave up on whole batches and sent them to the on-failure destination, records that were never attempted included.',
    why: 'Dropped records do not count these, and no dead letter tells of them.',
    needs: ['EventCount', 'failureDestination'],
    metric: mappingMetric('OnFailureDestinationDeliveredEventCount'),
    ...atOnce,
  },
  destinationFailures: {
    title: 'Destination failures',
    meaning: 'Lambda could not deliver a batch that it gave up on to the on-failure destination.',
    why: 'Loss, of a batch each. Lambda sends this one for the function.',
    needs: ['failureDestination'],
    metric: (metrics) => metrics.metricFunction('DestinationDeliveryFailures', { period: alarmPeriod }),
    ...atOnce,
  },
  functionErrors: {
    title: 'Function errors',
    meaning: 'At least half of the invocations have ended in an error for a quarter of an hour.',
    why: 'A share in percent, because an invocation with one undone record ends in an error on purpose: that is how it asks for its redelivery.',
    metric: errorShare,
    threshold: 50,
    ...forAQuarterOfAnHour,
  },
  throttles: {
    title: 'Throttles',
    meaning: 'Lambda has had no concurrency left for the function for a quarter of an hour.',
    why: 'Nothing is lost by it and Lambda tries again; only if it goes on does the lag grow.',
    metric: (metrics) => metrics.metricFunction('Throttles', { period: alarmPeriod }),
    threshold: 1,
    ...forAQuarterOfAnHour,
  },
  durationNearTimeout: {
    title: 'Duration near the time-out',
    meaning:
      'The slowest invocations take over 80 % of the time-out: batches are too large for it, or something called is slow.',
    why: 'The 99th percentile, in three periods: one invocation that timed out is a crash, and recovers.',
    metric: (metrics) => metrics.metricFunction('Duration', { statistic: 'p99', period: alarmPeriod }),
    threshold: ({ functionTimeout }) => Math.round(functionTimeout.toMilliseconds() * 0.8),
    ...forAQuarterOfAnHour,
  },
  leaseTakeovers: {
    title: 'Lease takeovers',
    meaning: 'Invocations have kept dying without a sign (crash, time-out, memory) for a quarter of an hour.',
    why: 'One crash makes takeovers in one period, or in two. A record that kills its process ten times becomes a dead letter, which has its own alarm.',
    metric: ownMetric('LeaseTakeovers'),
    threshold: 1,
    ...forAQuarterOfAnHour,
  },
  leasesLost: {
    title: 'Leases lost',
    meaning:
      'A handler held a record for longer than its lease could be renewed, so the effect may have happened twice.',
    why: 'The one case in which an effect may repeat. A process that died cannot report it, so no crash raises it.',
    metric: ownMetric('LeasesLost'),
    ...atOnce,
  },
  fallbackKeys: {
    title: 'Fallback keys',
    meaning: 'At least 5 % of the records have no business ID: what their producer sends twice takes effect twice.',
    why: 'A share in percent: a few belong to many topics, many mean that an expression or a producer has changed.',
    metric: fallbackShare,
    threshold: 5,
    ...forAQuarterOfAnHour,
  },
  fingerprintMismatches: {
    title: 'Fingerprint mismatches',
    meaning: 'A business ID came with two different payloads, of which the second took no effect.',
    why: 'No retry and no duplicate has another payload.',
    metric: ownMetric('FingerprintMismatches'),
    ...atOnce,
  },
  storeFailures: {
    title: 'Store failures',
    meaning: 'The idempotency table refuses, throttles or cannot be reached, and without it nothing is handled.',
    why: 'Single calls fail and are repeated. Two of three periods: after ten minutes without the table the lag is real.',
    metric: ownMetric('StoreFailures'),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missing: TreatMissingData.NOT_BREACHING,
  },
  handlersUnsettled: {
    title: 'Handlers unsettled',
    meaning: 'A handler ignored its abort signal at the deadline, and its process was ended.',
    why: 'A fault of the code, found by a slow dependency. It is no part of a retry, and it comes back.',
    metric: ownMetric('HandlersUnsettled'),
    ...atOnce,
  },
  handledUnprotected: {
    title: 'Handled unprotected',
    meaning:
      'Records were handled without a claim while the idempotency table was away: effects may have happened twice.',
    why: "Only under onStoreFailure 'handleUnprotected', where it is what was asked for, and what somebody has to know.",
    metric: ownMetric('HandledUnprotected'),
    ...atOnce,
  },
};
