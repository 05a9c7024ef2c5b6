import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters, type DeadLettersProps } from '../../../../infra/index.ts';
import { only, stage } from '../consumer/staged-consumer.ts';

function expirationOf(props: DeadLettersProps): unknown {
  const stack = stage();
  new DeadLetters(stack, 'Letters', props);
  return only(stack, 'AWS::S3::Bucket').Properties.LifecycleConfiguration;
}

const after = (days: number) => ({ Rules: [{ ExpirationInDays: days, Status: 'Enabled' }] });

describe('the overflow bucket', () => {
  it.each<[string, DeadLettersProps, number]>([
    ['a week longer than the queue', {}, 21],
    ['a week longer than a queue of its own retention', { retention: Duration.days(4) }, 11],
    ['whole days, for whatever the queue has', { retention: Duration.hours(25) }, 9],
    ['what is asked for', { bucketRetention: Duration.days(365) }, 365],
    ['as long as the queue, if asked for', { bucketRetention: Duration.days(14) }, 14],
  ])('keeps objects %s', (_what, props, days) => {
    expect(expirationOf(props)).toEqual(after(days));
  });

  it.each([Duration.days(13), Duration.hours(400)])(
    'is not to forget before the queue, nor by the hour: %s',
    (asked) => {
      expect(() => expirationOf({ bucketRetention: asked })).toThrow(
        /^bucketRetention: is \d+(\.\d+)? days; S3 takes whole/,
      );
    },
  );
});
