import type { FailureReporting } from '../../core/answer/failure-reporting.ts';
import { leaseRangeMs } from '../../core/claim/lease.ts';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { attemptsRange } from './option-checks.ts';

/** The environment variables that serve as defaults. */
export const environmentVariables = {
  /** The idempotency table's name. */
  table: 'KAFKA_ONCE_TABLE',
  /** The mode that the function was deployed for; it chooses none. */
  mode: 'KAFKA_ONCE_MODE',
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
  /** Length of a lease in ms. */
  leaseMs: 'KAFKA_ONCE_LEASE_MS',
  /** Attempts before a record becomes a dead letter. */
  maxAttempts: 'KAFKA_ONCE_MAX_ATTEMPTS',
} as const;

/** Those of the local parts, which a function in a local mapping may see. */
const localVariables = ['KAFKA_ONCE_CACHE', 'KAFKA_ONCE_PARTS', 'KAFKA_ONCE_PYTHON'];

/**
 * Refuses a variable with our prefix that nobody reads: mistyped, it would leave a default in place unseen.
 *
 * @throws ConfigurationError naming the variable.
 */
export function checkVariables(environment: Environment): void {
  const known = [...Object.values(environmentVariables), ...localVariables];
  const unknown = Object.keys(environment).find((name) => name.startsWith('KAFKA_ONCE_') && !known.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(unknown, `is no variable of kafka-once; they are ${known.join(', ')}`);
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; an empty one counts as absent. */
export function variable(environment: Environment, name: keyof typeof environmentVariables): string | undefined {
  const value = environment[environmentVariables[name]]?.trim();
  return value === '' ? undefined : value;
}

const ranges = { leaseMs: leaseRangeMs, maxAttempts: attemptsRange } as const;

/**
 * A variable that holds a whole number, in the range of the option that it stands for.
 *
 * @throws ConfigurationError naming the variable.
 */
export function numberVariable(environment: Environment, name: 'leaseMs' | 'maxAttempts'): number | undefined {
  const text = variable(environment, name);
  if (text === undefined) return undefined;
  const { least, most } = ranges[name];
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ConfigurationError(
    environmentVariables[name],
    `must be a whole number from ${least} to ${most}, and is ${text}`,
  );
}

/** Reports for the topics that the environment grants, else errors. */
export function reportingFrom(environment: Environment): FailureReporting {
  const topics = (variable(environment, 'reportTopics') ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
  return topics.length === 0 ? 'throw' : { report: topics };
}
