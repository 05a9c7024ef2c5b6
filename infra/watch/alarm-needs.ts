import type { WatchedConsumer } from './watched-consumer.ts';

/** What an alarm needs of a consumer: without it, it is not made. */
export type AlarmNeed = 'EventCount' | 'ErrorCount' | 'deadLetterQueue' | 'failureDestination' | 'enabledMapping';

/** The needs that a consumer does not meet, each with what it says in an error. */
export function unmetNeeds(needs: readonly AlarmNeed[], watched: WatchedConsumer): readonly string[] {
  return needs.filter((need) => !meets[need](watched)).map((need) => descriptions[need]);
}

const meets: Readonly<Record<AlarmNeed, (watched: WatchedConsumer) => boolean>> = {
  EventCount: ({ esmMetrics }) => esmMetrics.includes('EventCount'),
  ErrorCount: ({ esmMetrics }) => esmMetrics.includes('ErrorCount'),
  deadLetterQueue: ({ deadLetterQueue }) => deadLetterQueue !== undefined,
  failureDestination: ({ mapping }) => mapping?.destinationConfig !== undefined,
  enabledMapping: ({ mapping }) => mapping !== undefined && mapping.enabled !== false,
};

const descriptions: Readonly<Record<AlarmNeed, string>> = {
  EventCount: "the mapping's metrics 'EventCount'",
  ErrorCount: "the mapping's metrics 'ErrorCount'",
  deadLetterQueue: 'a dead-letter queue',
  failureDestination: 'an on-failure destination',
  enabledMapping: 'a mapping that is enabled',
};
