import { ConfigurationError } from '../../core/errors/errors.ts';
import { partitionsOf, withAdmin } from '../esm/admin.ts';
import { mentions } from '../esm/kafka-errors.ts';

/**
 * Makes a topic with one replica, or leaves it as it is. Resolves when the cluster knows it.
 *
 * `brokers`: `host:port` of each, without TLS or authentication. `partitions`: at least 1; default 1, or as many as the
 * topic has that is there.
 *
 * @throws ConfigurationError if the topic is there with another number of partitions than the one given.
 */
export async function createTopic(options: {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions?: number;
}): Promise<void> {
  const { brokers, topic, partitions } = options;
  if (partitions !== undefined && (!Number.isInteger(partitions) || partitions < 1)) {
    throw new ConfigurationError('partitions', `must be a whole number of at least 1, not ${String(partitions)}`);
  }
  await withAdmin(brokers, async (admin) => {
    try {
      await admin.createTopics({ topics: [topic], partitions: partitions ?? 1, replicas: 1 });
    } catch (error) {
      if (!mentions(error, 'TOPIC_ALREADY_EXISTS')) throw error;
    }
    const there = (await partitionsOf(admin, topic)).length;
    if (partitions === undefined || there === partitions) return;
    throw new ConfigurationError('partitions', `${topic} is there with ${there} partitions, not ${partitions}`);
  });
}
