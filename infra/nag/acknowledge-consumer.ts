import { Validations } from 'aws-cdk-lib/core';
import type { KafkaConsumer } from '../consumer/kafka-consumer.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import type { NetworkPlace } from '../source/grant-network-interfaces.ts';
import { acknowledgeInterfaces } from './acknowledge-interfaces.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';

/** Says of each finding of cdk-nag in a consumer why it is right as it is; `place` is where its pollers come in, if in a VPC. */
export function acknowledgeConsumer(
  consumer: KafkaConsumer,
  deadLetters: DeadLetters,
  place: NetworkPlace | undefined,
): void {
  acknowledgeWildcards(
    consumer,
    ['*'],
    'Actions that have no resource level: traces, the network, addresses of brokers.',
  );
  acknowledgeWildcards(
    consumer,
    [deadLetters.bucket.arnForObjects('*')],
    'The objects of one bucket; a dead letter is named when it is written.',
  );
  if (place !== undefined) acknowledgeInterfaces(consumer, place);
  Validations.of(deadLetters).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason:
        'It is a dead-letter queue. The function sends to it rather than a redrive policy, so cdk-nag does not see it.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Only the function writes to it, and only what is too large for the queue. A log of accesses would need a bucket of its own.',
    },
  );
}
