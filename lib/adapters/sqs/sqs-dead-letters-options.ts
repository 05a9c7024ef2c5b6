import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { checkClient, refuseUnknown } from '../check-options.ts';

/** Where letters go that are too large for the queue. */
export interface LargeRecordsOptions {
  /** The function needs `s3:PutObject` on it. */
  readonly bucket: string;
  /** Put before each object key as it is; default: none. */
  readonly prefix?: string;
}

/** Options of `sqsDeadLetters`. */
export interface SqsDeadLettersOptions {
  /** URL of a standard queue; the function needs `sqs:SendMessage` on it. */
  readonly queueUrl: string;
  /** Without it a letter over `maxMessageBytes` is refused, and its record delivered again until it expires. */
  readonly largeRecords?: LargeRecordsOptions;
  /**
   * Bytes of the largest message sent to the queue, 65,536 to 1,048,576. Default: with `largeRecords` 262,144, which a
   * queue takes whatever its age; without, 1,048,576, the most that SQS takes, so that the queue itself is the judge.
   * A queue whose `MaximumMessageSize` is lower needs that number here.
   */
  readonly maxMessageBytes?: number;
  /** Default: one of the environment's region and credentials, time-outs 1 s (connection) and 5 s (request), 1 retry. */
  readonly client?: SQSClient;
  /** Default: like `client`; made only when the first large letter is sent. */
  readonly s3Client?: S3Client;
}

/** The options, checked, with their defaults. */
export interface SqsDeadLettersSettings {
  readonly queueUrl: string;
  readonly bucket: string | undefined;
  readonly prefix: string;
  readonly maxMessageBytes: number;
  readonly client: SQSClient | undefined;
  readonly s3Client: S3Client | undefined;
}

/**
 * Sizes of SQS. Until August 2025 a message and a batch could have 262,144 bytes; since then both may have 1,048,576.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const formerSqsLimitBytes = 262_144;
const sqsLimitBytes = 1_048_576;
/** A pointer message must always fit: its error texts, escaped, are its largest part. */
const leastMaxMessageBytes = 65_536;

const owner = 'sqsDeadLetters';
const knownOptions = ['queueUrl', 'largeRecords', 'maxMessageBytes', 'client', 's3Client'];
const knownLargeRecords = ['bucket', 'prefix'];

/** @throws {ConfigurationError} for an option that is unknown, mistyped or out of range. */
export function checkSqsDeadLettersOptions(options: SqsDeadLettersOptions): SqsDeadLettersSettings {
  refuseUnknown(owner, options, knownOptions);
  const { queueUrl, largeRecords, client, s3Client } = options;
  checkQueueUrl(queueUrl);
  if (largeRecords !== undefined) checkLargeRecords(largeRecords);
  const maxMessageBytes = options.maxMessageBytes ?? (largeRecords === undefined ? sqsLimitBytes : formerSqsLimitBytes);
  if (!Number.isInteger(maxMessageBytes) || maxMessageBytes < leastMaxMessageBytes || maxMessageBytes > sqsLimitBytes) {
    const range = `${leastMaxMessageBytes} to ${sqsLimitBytes}`;
    throw new ConfigurationError('maxMessageBytes', `must be an integer from ${range}, not ${maxMessageBytes}`);
  }
  checkClient('client', client);
  checkClient('s3Client', s3Client);
  const { bucket, prefix = '' } = largeRecords ?? {};
  return { queueUrl, bucket, prefix, maxMessageBytes, client, s3Client };
}

function checkQueueUrl(queueUrl: unknown): void {
  if (typeof queueUrl !== 'string' || !/^https?:$/.test(URL.parse(queueUrl)?.protocol ?? '')) {
    throw new ConfigurationError('queueUrl', `must be the URL of an SQS queue, not ${JSON.stringify(queueUrl)}`);
  }
  if (queueUrl.endsWith('.fifo')) {
    const why = 'its deduplication could drop a letter and its message groups would block each other';
    throw new ConfigurationError('queueUrl', `must be a standard queue, not a FIFO queue: ${why}`);
  }
}

function checkLargeRecords(largeRecords: unknown): void {
  refuseUnknown(owner, largeRecords, knownLargeRecords, 'largeRecords');
  const { bucket, prefix } = { bucket: undefined, prefix: undefined, ...largeRecords };
  if (typeof bucket !== 'string' || bucket === '') {
    throw new ConfigurationError(
      'largeRecords.bucket',
      `must be the name of an S3 bucket, not ${JSON.stringify(bucket)}`,
    );
  }
  if (prefix !== undefined && (typeof prefix !== 'string' || !/^[\x20-\x7e]{0,256}$/.test(prefix))) {
    throw new ConfigurationError('largeRecords.prefix', 'must be a string of at most 256 printable ASCII characters');
  }
}
