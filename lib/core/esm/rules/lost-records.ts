import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';

const advice =
  'Leave it out, and put poison aside with dead letters; or use an S3 bucket or a Kafka topic, which keep the records';

/**
 * Lambda gives up on whole batches, records never attempted included, and nothing keeps the records.
 *
 * Source: developer guide, `kafka-retry-configurations` and `kafka-on-failure`.
 */
export function lostRecordWarnings(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  const { onFailure, maximumRetryAttempts, maximumRecordAgeSeconds } = settings;
  if (onFailure?.kind === 's3' || onFailure?.kind === 'kafka') return [];
  const fate =
    onFailure === undefined
      ? 'drops them, with no on-failure destination'
      : `tells ${onFailure.kind === 'sqs' ? 'the queue' : 'the SNS topic'} their offsets only, and the records are gone when the Kafka topic drops them`;
  const warnings: SettingsProblem[] = [];
  const warn = (property: keyof EventSourceMappingSettings, when: string): void => {
    const message = `loses records: ${when} Lambda gives up on whole batches, records never attempted included, and ${fate}. ${advice}`;
    warnings.push({ property, message });
  };
  const hasRetryLimit = maximumRetryAttempts !== undefined && maximumRetryAttempts !== -1;
  if (hasRetryLimit) warn('maximumRetryAttempts', `after ${maximumRetryAttempts} retries`);
  if (maximumRecordAgeSeconds !== undefined && maximumRecordAgeSeconds !== -1) {
    warn('maximumRecordAgeSeconds', `after ${maximumRecordAgeSeconds} s`);
  }
  if (onFailure !== undefined && !hasRetryLimit) {
    warn('onFailure', 'an on-failure destination turns endless retries into ten, after which');
  }
  return warnings;
}
