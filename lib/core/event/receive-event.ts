import { formatCoordinates, topicPartition } from '../coordinates.ts';
import { MalformedEventError } from '../errors/errors.ts';
import type { ReceivedRecord } from '../record.ts';
import { foreignEventSource } from './event-source.ts';
import { isObject } from './is-object.ts';
import { schemaMetadataOf, timestampMsOf, timestampTypeOf } from './received-record.ts';

/** Kafka's own rule for topic names. What satisfies it is safe to repeat in errors and logs. */
const topicName = /^[A-Za-z0-9._-]{1,249}$/;
const groupName = /^[A-Za-z0-9._-]{1,249}-\d{1,10}$/;

const remedy = 'Check that this function is invoked by a Kafka event source mapping only.';

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

function receiveRecord(record: unknown, group: string, index: number): ReceivedRecord {
  const place = `records["${group}"][${index}]`;
  if (!isObject(record)) throw new MalformedEventError(`${place} is ${describe(record)}, not a record.`);
  const { topic, partition, offset } = record;
  if (typeof topic !== 'string' || !topicName.test(topic)) {
    throw new MalformedEventError(`${place} has no valid topic name (${describe(topic)}).`);
  }
  if (typeof partition !== 'number' || !Number.isSafeInteger(partition) || partition < 0) {
    throw new MalformedEventError(`${place} has no valid partition: an integer from 0 is needed.`);
  }
  if (topicPartition({ topic, partition }) !== group) {
    throw new MalformedEventError(`${place} is a record of ${topicPartition({ topic, partition })}.`);
  }
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) {
    throw new MalformedEventError(`${place} has no valid offset: an integer from 0 is needed.`);
  }
  if (!Number.isSafeInteger(offset)) {
    throw new MalformedEventError(
      `${place}: an offset of ${group} is beyond 2^53 - 1 and was rounded when the event was parsed, ` +
        'so the record cannot be told from its neighbours.',
    );
  }
  const key = record.key;
  return {
    topic,
    partition,
    offset: offset === 0 ? 0 : offset,
    timestampMs: timestampMsOf(record.timestamp),
    timestampType: timestampTypeOf(record.timestampType),
    key: key === '' ? null : (key ?? null),
    value: record.value ?? null,
    headers: record.headers ?? null,
    keySchemaMetadata: schemaMetadataOf(record.keySchemaMetadata),
    valueSchemaMetadata: schemaMetadataOf(record.valueSchemaMetadata),
  };
}

/**
 * The records of a Lambda event that a Kafka event source mapping made, in the order of the event.
 *
 * An event is recognised by the shape of `records` (`<topic>-<partition>` to an array of records): `eventSource` may be
 * absent, because batches delivered again have been seen with `records` only. Coordinates must be whole, agree with the
 * name of their group and occur once. Everything else of a record is judged when it is decoded, so that a bad record
 * does not take its neighbours with it.
 *
 * An event without any record is refused too. Lambda never sends one, and "nothing to do" would acknowledge whatever
 * was meant.
 *
 * @throws MalformedEventError for anything that is no such event. Its message repeats topic names, partitions and
 * positions in the event, never contents.
 */
export function receiveEvent(event: unknown): readonly ReceivedRecord[] {
  if (!isObject(event)) throw new MalformedEventError(`The event is ${describe(event)}, not a Kafka event. ${remedy}`);
  const foreign = foreignEventSource(event);
  if (foreign !== undefined) throw new MalformedEventError(`The event is one of ${foreign}, not of Kafka. ${remedy}`);
  const groups = event.records;
  if (!isObject(groups)) {
    throw new MalformedEventError(`The event's "records" is ${describe(groups)}, not an object. ${remedy}`);
  }
  const received: ReceivedRecord[] = [];
  const seen = new Set<string>();
  for (const [group, members] of Object.entries(groups)) {
    if (!groupName.test(group)) {
      throw new MalformedEventError(
        `A name in the event's "records" is not of the form <topic>-<partition>. ${remedy}`,
      );
    }
    if (!Array.isArray(members)) {
      throw new MalformedEventError(`records["${group}"] is ${describe(members)}, not an array of records.`);
    }
    for (const [index, member] of members.entries()) {
      const record = receiveRecord(member, group, index);
      const coordinates = formatCoordinates(record);
      if (seen.has(coordinates)) throw new MalformedEventError(`The event holds ${coordinates} twice.`);
      seen.add(coordinates);
      received.push(record);
    }
  }
  if (received.length === 0) throw new MalformedEventError(`The event holds no records. ${remedy}`);
  return received;
}
