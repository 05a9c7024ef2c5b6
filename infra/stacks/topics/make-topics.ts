import { Admin, type BaseOptions } from '@platformatic/kafka';
import { mentions } from '../../../lib/local/esm/kafka-errors.ts';
import type { NewTopic } from './new-topic.ts';

/** Makes topics; one that exists is left as it is. Resolves when the cluster has taken them all. */
export async function makeTopics(cluster: Omit<BaseOptions, 'clientId'>, topics: readonly NewTopic[]): Promise<void> {
  const admin = new Admin({ clientId: 'kafka-once-topics', ...cluster });
  try {
    for (const { topic, partitions } of topics) {
      try {
        await admin.createTopics({ topics: [topic], partitions });
      } catch (error) {
        if (!mentions(error, 'TOPIC_ALREADY_EXISTS')) throw error;
      }
    }
  } finally {
    await admin.close();
  }
}
