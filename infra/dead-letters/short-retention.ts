import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DeadLetterTargets } from './dead-letters.ts';

const daySeconds = 86_400;
/** Source: Amazon SQS API reference, CreateQueue, MessageRetentionPeriod: 14 days at most, 4 where nothing is set. */
const longestDays = 14;
const defaultSeconds = 4 * daySeconds;

/**
 * Warns on `scope`, as `kafka-once:deadLetters`, if the queue is known to delete letters before 14 days: who is not there
 * in time loses the record. Of a queue that is imported, or whose retention only the deployment knows, it says nothing.
 */
export function warnOfShortRetention(scope: Construct, { queue }: DeadLetterTargets): void {
  const retentionSeconds = knownRetentionSeconds(queue.node.defaultChild);
  if (retentionSeconds === undefined || retentionSeconds >= longestDays * daySeconds) return;
  Annotations.of(scope).addWarningV2(
    'kafka-once:deadLetters',
    `deadLetters keeps letters for ${inWords(retentionSeconds)}, and what nobody takes until then is lost; SQS can keep them ${longestDays} days: new Queue(…, { retentionPeriod: Duration.days(${longestDays}) })`,
  );
}

function knownRetentionSeconds(queue: unknown): number | undefined {
  if (!CfnQueue.isCfnQueue(queue)) return undefined;
  const { messageRetentionPeriod = defaultSeconds } = queue;
  return Token.isUnresolved(messageRetentionPeriod) ? undefined : messageRetentionPeriod;
}

function inWords(seconds: number): string {
  const days = seconds / daySeconds;
  return Number.isInteger(days) ? `${days} ${days === 1 ? 'day' : 'days'}` : `${seconds} s`;
}
