import type { FailureReporting } from '../../core/answer/failure-reporting.ts';

/** The environment variables that serve as defaults; the construct sets them. */
export const environmentVariables = {
  /** The idempotency table's name. */
  table: 'KAFKA_ONCE_TABLE',
  /** The namespace of idempotency keys. */
  namespace: 'KAFKA_ONCE_NAMESPACE',
  /** The cluster's label in keys made of coordinates. */
  clusterLabel: 'KAFKA_ONCE_CLUSTER_LABEL',
  /** The dead-letter queue's URL. */
  deadLetterQueueUrl: 'KAFKA_ONCE_DEAD_LETTER_QUEUE_URL',
  /** The bucket for dead letters that no queue takes. */
  deadLetterBucket: 'KAFKA_ONCE_DEAD_LETTER_BUCKET',
  /** Topics, separated by commas, whose event source mapping has ReportBatchItemFailures. */
  reportTopics: 'KAFKA_ONCE_REPORT_TOPICS',
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; an empty one counts as absent. */
export function variable(environment: Environment, name: keyof typeof environmentVariables): string | undefined {
  const value = environment[environmentVariables[name]]?.trim();
  return value === '' ? undefined : value;
}

/** Reports for the topics that the environment grants, else errors. */
export function reportingFrom(environment: Environment): FailureReporting {
  const topics = (variable(environment, 'reportTopics') ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
  return topics.length === 0 ? 'throw' : { report: topics };
}
