import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters, type DeadLetterTargets } from '../../../../infra/dead-letters/dead-letters.ts';
import { warnOfShortRetention } from '../../../../infra/dead-letters/short-retention.ts';
import { stage } from '../consumer/staged-consumer.ts';

function warningsOn(targetsIn: (stack: Stack) => DeadLetterTargets): readonly string[] {
  const stack = stage();
  warnOfShortRetention(stack, targetsIn(stack));
  return stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

const queueOf = (retentionPeriod?: Duration) => (stack: Stack) => ({
  queue: new Queue(stack, 'Letters', retentionPeriod && { retentionPeriod }),
});

describe('a dead-letter queue that deletes letters before 14 days', () => {
  it.each([
    ['with the 4 days of SQS, because nothing is set', queueOf(), 'for 4 days,'],
    ['with 13 days', queueOf(Duration.days(13)), 'for 13 days,'],
    ['with a second less than 14 days', queueOf(Duration.seconds(1_209_599)), 'for 1209599 s,'],
    [
      'of DeadLetters with a retention',
      (stack: Stack) => new DeadLetters(stack, 'Letters', { retention: Duration.days(1) }),
      'for 1 day,',
    ],
  ])('%s is warned of', (_, targetsIn, words) => {
    const warnings = warningsOn(targetsIn);
    expect(warnings).toEqual([expect.stringMatching(/^deadLetters keeps letters .*\[ack: kafka-once:deadLetters\]$/)]);
    expect(warnings[0]).toContain(words);
  });
});

describe('nothing is said of a dead-letter queue', () => {
  it.each([
    ['with 14 days', queueOf(Duration.days(14))],
    ['that DeadLetters makes', (stack: Stack) => new DeadLetters(stack, 'Letters')],
    [
      'that exists, whose retention does not show',
      (stack: Stack) => ({
        queue: Queue.fromQueueArn(stack, 'Letters', 'arn:aws:sqs:eu-central-1:123456789012:letters'),
      }),
    ],
    [
      'whose retention only the deployment knows',
      (stack: Stack) => {
        const queue = new Queue(stack, 'Letters');
        const { valueAsNumber } = new CfnParameter(stack, 'Retention', { type: 'Number' });
        if (CfnQueue.isCfnQueue(queue.node.defaultChild))
          queue.node.defaultChild.messageRetentionPeriod = valueAsNumber;
        return { queue };
      },
    ],
  ])('%s', (_, targetsIn) => {
    expect(warningsOn(targetsIn)).toEqual([]);
  });
});
