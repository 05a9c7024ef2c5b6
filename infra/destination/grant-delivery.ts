import { Grant, type IGrantable, type IResourceWithPolicyV2 } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** One thing that Lambda does to the destination. */
interface Delivery {
  readonly action: string;
  readonly arn: string;
}

/** A key of the user's, and what Lambda does with it to write. */
interface DeliveryKey {
  readonly key: IKey | undefined;
  readonly actions: readonly string[];
}

/**
 * Grants each action on its own resource, and the use of the key if the destination has one of the user's.
 *
 * The grant methods of queues, topics and buckets would grant more: reading attributes, tagging, aborting uploads.
 *
 * Source: AWS Lambda developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event
 * sources".
 */
export function grantDelivery(
  grantee: IGrantable,
  resource: IResourceWithPolicyV2,
  deliveries: readonly Delivery[],
  { key, actions }: DeliveryKey,
): void {
  for (const { action, arn } of deliveries) {
    Grant.addToPrincipalOrResource({ grantee, actions: [action], resourceArns: [arn], resource });
  }
  key?.grant(grantee, ...actions);
}
