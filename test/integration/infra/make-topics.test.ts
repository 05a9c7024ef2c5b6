import { Admin } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { makeTopics } from '../../../infra/stacks/topics/make-topics.ts';
import { freshName } from '../../support/fresh.ts';

describe('makeTopics', () => {
  it('makes topics with their partitions, and leaves those that are there as they are', async () => {
    const bootstrapBrokers = inject('kafkaBrokers');
    const admin = new Admin({ clientId: 'topics-test', bootstrapBrokers });
    onTestFinished(() => admin.close());
    const [orders, customers] = [freshName('topic'), freshName('topic')];
    await makeTopics({ bootstrapBrokers }, [{ topic: orders, partitions: 3 }]);
    await makeTopics({ bootstrapBrokers }, [
      { topic: orders, partitions: 5 },
      { topic: customers, partitions: 2 },
    ]);
    const { topics } = await admin.metadata({ topics: [orders, customers] });
    expect([orders, customers].map((topic) => topics.get(topic)?.partitionsCount)).toEqual([3, 2]);
  });

  it('fails for a topic that the cluster refuses', async () => {
    const bootstrapBrokers = inject('kafkaBrokers');
    await expect(makeTopics({ bootstrapBrokers }, [{ topic: 'not a topic', partitions: 1 }])).rejects.toThrow();
  });
});
