import type { Placed } from '../source/other-region.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';

/**
 * What has to be in the Region of the function: it writes dead letters there, Lambda sends failed batches to queues and
 * topics there, and CloudWatch tells topics of its own Region.
 */
export function placedProps({ deadLetters, onFailure, alarms }: KafkaConsumerProps): readonly Placed[] {
  const letters = deadLetters === 'none' ? undefined : deadLetters;
  return [
    { property: 'deadLetters.queue', region: letters?.queue.env.region },
    { property: 'deadLetters.bucket', region: letters?.bucket?.env?.region },
    { property: 'onFailure', region: onFailure?.bind().region },
    { property: 'alarms.topic', region: alarms === 'none' ? undefined : alarms?.topic?.env.region },
  ];
}
