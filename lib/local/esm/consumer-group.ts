import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka';
import { topicPartition } from '../../core/coordinates.ts';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { StartingPosition } from '../../core/esm/settings.ts';
import { partitionsOf, withAdmin } from './admin.ts';
import { mentions } from './kafka-errors.ts';

/** A consumer group's place in one topic. */
export interface ConsumerGroupTopic {
  /** `host:port` of each. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
}

/**
 * Sets the committed offsets of a group, for all partitions of the topic, so that a mapping started next begins there:
 * `TRIM_HORIZON` (default) delivers everything again, `LATEST` skips what is there.
 *
 * Returns the new offsets by `<topic>-<partition>`.
 *
 * @throws ConfigurationError if the group has members, which Kafka does not allow, or the topic does not exist.
 */
export async function resetConsumerGroup(
  options: ConsumerGroupTopic & { readonly to?: StartingPosition },
): Promise<Map<string, number>> {
  const { topic, consumerGroupId, to = 'TRIM_HORIZON' } = options;
  return withAdmin(options.brokers, async (admin) => {
    const partitions = await partitionsOf(admin, topic);
    const wanted = await offsetsAt(admin, topic, partitions, to);
    const end = await offsetsAt(admin, topic, partitions, 'LATEST');
    // No record is as late as the time asked for: Kafka answers -1.
    const offsets = partitions.map((partition) => {
      const offset = wanted.get(partition) ?? -1n;
      return { partition, offset: offset < 0n ? (end.get(partition) ?? 0n) : offset };
    });
    try {
      await admin.alterConsumerGroupOffsets({
        groupId: consumerGroupId,
        topics: [{ name: topic, partitionOffsets: offsets }],
      });
    } catch (cause) {
      if (mentions(cause, 'UNKNOWN_MEMBER_ID') || mentions(cause, 'NON_EMPTY_GROUP')) {
        const message = `${consumerGroupId} has members; stop the event source mapping before its offsets are reset`;
        throw new ConfigurationError('consumerGroupId', message, { cause });
      }
      throw cause;
    }
    return new Map(offsets.map(({ partition, offset }) => [topicPartition({ topic, partition }), Number(offset)]));
  });
}

/** The committed offsets of a group as the broker has them, by `<topic>-<partition>`; partitions without one are left out. */
export async function committedOffsets(options: ConsumerGroupTopic): Promise<Map<string, number>> {
  const { topic, consumerGroupId } = options;
  return withAdmin(options.brokers, async (admin) => {
    const partitionIndexes = [...(await partitionsOf(admin, topic))];
    const groups = await admin.listConsumerGroupOffsets({
      groups: [{ groupId: consumerGroupId, topics: [{ name: topic, partitionIndexes }] }],
    });
    const partitions = groups.flatMap(({ topics }) => topics).flatMap((each) => each.partitions);
    return new Map(
      partitions
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [
          topicPartition({ topic, partition: partitionIndex }),
          Number(committedOffset),
        ]),
    );
  });
}

async function offsetsAt(
  admin: Admin,
  topic: string,
  partitions: readonly number[],
  position: StartingPosition,
): Promise<Map<number, bigint>> {
  const timestamp =
    typeof position === 'object'
      ? BigInt(position.atTimestampMs)
      : position === 'LATEST'
        ? ListOffsetTimestamps.LATEST
        : ListOffsetTimestamps.EARLIEST;
  const listed = await admin.listOffsets({
    topics: [{ name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
  });
  return new Map(
    listed.flatMap((each) => each.partitions).map(({ partitionIndex, offset }) => [partitionIndex, offset]),
  );
}
