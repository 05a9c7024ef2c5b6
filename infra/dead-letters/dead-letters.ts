import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy, type ResourceEnvironment } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { bucketRetention } from './bucket-retention.ts';

/** What is needed of a bucket; every bucket of CDK has it. */
export interface OverflowBucket {
  readonly bucketName: string;
  readonly encryptionKey?: IKey | undefined;
  readonly env?: ResourceEnvironment;
  arnForObjects(keyPattern: string): string;
}

/** Where records go that cannot be handled: a standard queue, and a bucket for those that are too large for it. */
export interface DeadLetterTargets {
  readonly queue: IQueue;
  /** Default: none, and a record too large for the queue is failed rather than put aside. */
  readonly bucket?: OverflowBucket | undefined;
}

/**
 * - `encryptionKey`: a customer managed key for both. Default: keys that SQS and S3 manage.
 * - `retention`: of the queue, default 14 days, the longest that SQS has. Letters that nobody takes until then are gone.
 * - `bucketRetention`: of the bucket, in whole days and no shorter than that of the queue; a letter whose object is gone is
 *   lost. Objects are deleted then, whether their letter was taken or not. Default: a week longer than the queue's.
 * - `removalPolicy`: of both, default `RETAIN`.
 */
export interface DeadLettersProps {
  readonly encryptionKey?: IKey;
  readonly retention?: Duration;
  readonly bucketRetention?: Duration;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A dead-letter queue (14 days, encrypted, TLS only) with its overflow bucket (21 days, private, encrypted, TLS only).
 *
 * @throws ConfigurationError naming `bucketRetention` if it is shorter than that of the queue, or no whole days.
 */
export class DeadLetters extends Construct implements DeadLetterTargets {
  readonly queue: Queue;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: DeadLettersProps = {}) {
    super(scope, id);
    const { encryptionKey, retention = Duration.days(14), removalPolicy = RemovalPolicy.RETAIN } = props;
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: retention,
      enforceSSL: true,
      removalPolicy,
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
    });
    this.bucket = new Bucket(this, 'Bucket', {
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy,
      lifecycleRules: [{ expiration: bucketRetention(retention, props.bucketRetention) }],
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    });
  }
}
