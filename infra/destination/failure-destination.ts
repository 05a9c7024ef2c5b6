import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { OnFailureDestination } from '../../lib/core/esm/settings.ts';
import { grantDelivery } from './grant-delivery.ts';

/** A destination as the mapping knows it. */
export interface FailureDestinationBinding {
  /** `Destination` of the mapping's `OnFailure`: an ARN, or `kafka://<topic>`. */
  readonly arn: string;
  /** The same for the rules of event source mappings, which refuse FIFO queues and topics and the source's own topic. */
  readonly setting: OnFailureDestination;
  /** The Region of a queue or an SNS topic, which has to be the function's. */
  readonly region?: string;
  /** Grants the function's role what Lambda needs to write there. For a Kafka topic the source grants it. */
  grant(grantee: IGrantable): void;
}

/**
 * Where Lambda puts a batch that it gives up: after the last retry, or when it is too large for the function.
 *
 * It is no replacement for dead letters, which hold one record each and are the default: a batch may hold records that were
 * never attempted. SQS and SNS are told which offsets failed, S3 and Kafka get the records as well. In a VPC Lambda needs
 * an endpoint of the destination's service. Keys of AWS need no grant, keys of the user's are granted.
 *
 * Source: AWS Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event
 * sources" and "Using a Kafka topic as an on-failure destination".
 */
export abstract class FailureDestination {
  /** A standard queue. It gets offsets, not records: `sqs:SendMessage`. */
  static sqs(queue: IQueue): FailureDestination {
    return new BoundDestination({
      arn: queue.queueArn,
      region: queue.env.region,
      setting: { kind: 'sqs', fifo: queue.fifo },
      grant: (grantee) =>
        grantDelivery(grantee, queue, [{ action: 'sqs:SendMessage', arn: queue.queueArn }], {
          key: queue.encryptionMasterKey,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        }),
    });
  }

  /** A standard topic. It gets offsets, not records: `sns:Publish`. */
  static sns(topic: ITopic): FailureDestination {
    return new BoundDestination({
      arn: topic.topicArn,
      region: topic.env.region,
      setting: { kind: 'sns', fifo: topic.fifo },
      grant: (grantee) =>
        grantDelivery(grantee, topic, [{ action: 'sns:Publish', arn: topic.topicArn }], {
          key: topic.masterKey,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        }),
    });
  }

  /** A bucket. It gets the whole event: `s3:PutObject` on its objects, `s3:ListBucket` on itself. */
  static s3(bucket: IBucket | Bucket): FailureDestination {
    const deliveries = [
      { action: 's3:PutObject', arn: bucket.arnForObjects('*') },
      { action: 's3:ListBucket', arn: bucket.bucketArn },
    ];
    return new BoundDestination({
      arn: bucket.bucketArn,
      setting: { kind: 's3' },
      grant: (grantee) =>
        grantDelivery(grantee, bucket, deliveries, { key: bucket.encryptionKey, actions: ['kms:GenerateDataKey'] }),
    });
  }

  /** Another topic of the source's cluster, which exists already. It gets the whole event. Needs provisioned pollers. */
  static kafka(topic: string): FailureDestination {
    return new BoundDestination({ arn: `kafka://${topic}`, setting: { kind: 'kafka', topic }, grant: () => {} });
  }

  /** Called by the consumer whose mapping has the destination. */
  abstract bind(): FailureDestinationBinding;
}

class BoundDestination extends FailureDestination {
  readonly #binding: FailureDestinationBinding;

  constructor(binding: FailureDestinationBinding) {
    super();
    this.#binding = binding;
  }

  override bind(): FailureDestinationBinding {
    return this.#binding;
  }
}
