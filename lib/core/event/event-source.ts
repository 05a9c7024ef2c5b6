import { isObject } from './is-object.ts';

const kafkaSources: ReadonlySet<unknown> = new Set(['aws:kafka', 'SelfManagedKafka']);

/** What AWS services call themselves in an event; anything else could be contents and is not repeated in an error. */
const serviceName = /^aws:[A-Za-z0-9-]{1,40}$/;

function serviceOf(of: unknown): string | undefined {
  if (!isObject(of)) return undefined;
  const source = of.eventSource ?? of.EventSource;
  return typeof source === 'string' && serviceName.test(source) && !kafkaSources.has(source) ? source : undefined;
}

/**
 * The AWS service that made this event, if it says so and it is not Kafka: `aws:sqs`, `aws:kinesis`, `aws:mq`.
 *
 * SQS, SNS, Kinesis, S3 and DynamoDB streams name it in each member of `Records`, others at the top.
 */
export function foreignEventSource(event: Readonly<Record<string, unknown>>): string | undefined {
  const members = event.Records;
  return serviceOf(event) ?? (Array.isArray(members) ? serviceOf(members[0]) : undefined);
}
