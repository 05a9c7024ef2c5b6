import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** What is needed of a bucket; every bucket of CDK has it. */
export interface OverflowBucket {
  readonly bucketName: string;
  readonly encryptionKey?: IKey | undefined;
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
 * - `removalPolicy`: of both, default `RETAIN`.
 */
export interface DeadLettersProps {
  readonly encryptionKey?: IKey;
  readonly retention?: Duration;
  readonly removalPolicy?: RemovalPolicy;
}

/** A dead-letter queue (14 days, encrypted, TLS only) with its overflow bucket (private, encrypted, TLS only). */
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
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    });
  }
}
