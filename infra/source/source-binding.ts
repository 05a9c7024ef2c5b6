import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnEventSourceMappingProps } from 'aws-cdk-lib/aws-lambda';

/**
 * What a mapping does with its cluster.
 *
 * - `topic`: the topic it reads.
 * - `consumerGroupId`: the consumer group that it reads as.
 * - `failureTopic`: the topic of the same cluster to which it writes failed batches, if it does.
 */
export interface ClusterUse {
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly failureTopic?: string;
}

/** A source of records, bound to the stack that reads it. */
export interface SourceBinding {
  /** The properties of the event source mapping that say where the cluster is and how Lambda comes in. */
  readonly mapping: Pick<
    CfnEventSourceMappingProps,
    'eventSourceArn' | 'selfManagedEventSource' | 'sourceAccessConfigurations'
  >;
  /** Consumer group and schema registry stand in another property of the mapping for each kind. */
  readonly kind: 'msk' | 'selfManaged';
  /** Names the cluster in keys that are made of coordinates; stays when brokers are replaced. */
  readonly clusterLabel: string;
  /** Grants the function's role what the mapping needs to read the topic, and to write to `failureTopic`. */
  grantConsume(grantee: IGrantable, use: ClusterUse): void;
}
