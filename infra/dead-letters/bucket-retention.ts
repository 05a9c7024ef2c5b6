import { Duration } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';

const extraDays = 7;

/**
 * How long the overflow bucket keeps objects, as S3 counts: in whole days. It outlasts the queue, so that no letter points to
 * an object that is gone.
 *
 * @throws ConfigurationError for one that is asked for and does not.
 */
export function bucketRetention(ofQueue: Duration, asked?: Duration): Duration {
  if (ofQueue.isUnresolved()) {
    if (asked !== undefined) return asked;
    throw new ConfigurationError(
      'bucketRetention',
      'is missing; it cannot be told from a retention that only the deployment knows',
    );
  }
  const queueDays = ofQueue.toDays({ integral: false });
  if (asked === undefined) return Duration.days(Math.ceil(queueDays) + extraDays);
  const days = asked.isUnresolved() ? undefined : asked.toDays({ integral: false });
  if (days === undefined || (Number.isInteger(days) && days >= queueDays)) return asked;
  throw new ConfigurationError(
    'bucketRetention',
    `is ${days} days; S3 takes whole days, and with fewer than the queue's ${queueDays} letters would lose their records`,
  );
}
