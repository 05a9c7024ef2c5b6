import { Admin } from '@platformatic/kafka';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { isUnknownTopic } from './kafka-errors.ts';

/** Uses a client for a cluster's administration and closes it. */
export async function withAdmin<T>(brokers: readonly string[], use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'kafka-once-local', bootstrapBrokers: [...brokers], retryDelay: 250 });
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

/** @throws ConfigurationError if the topic does not exist. */
export async function partitionsOf(admin: Admin, topic: string): Promise<readonly number[]> {
  try {
    const metadata = await admin.metadata({ topics: [topic] });
    return Array.from({ length: metadata.topics.get(topic)?.partitionsCount ?? 0 }, (_, partition) => partition);
  } catch (cause) {
    if (isUnknownTopic(cause)) {
      throw new ConfigurationError('topic', `${topic} does not exist`, { cause });
    }
    throw cause;
  }
}
