import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { MskAuthentication } from './kafka-authentication.ts';
import { clusterMemberArn } from './msk-cluster-arn.ts';
import type { ClusterUse } from './source-binding.ts';

/**
 * Grants what Lambda asks of the MSK service itself: what the cluster is and where its brokers are.
 *
 * `DescribeClusterV2` stands for both versions, and is the only one for serverless clusters. `GetBootstrapBrokers` has no
 * resource level.
 *
 * Source: AWS Lambda developer guide, "Configuring Lambda permissions for Amazon MSK event source mappings"; service
 * authorization reference, "Amazon Managed Streaming for Apache Kafka".
 */
export function grantCluster(grantee: IGrantable, clusterArn: string, kind: MskAuthentication['kind']): void {
  const actions = ['kafka:DescribeClusterV2', ...(kind === 'scram' ? ['kafka:ListScramSecrets'] : [])];
  Grant.addToPrincipal({ grantee, actions, resourceArns: [clusterArn] });
  Grant.addToPrincipal({ grantee, actions: ['kafka:GetBootstrapBrokers'], resourceArns: ['*'] });
}

/**
 * Grants what the brokers ask of a client that is authenticated by IAM.
 *
 * For the failure topic these are the actions of AWS's own example, `ReadData` included: a batch that cannot be written
 * there is lost.
 *
 * Source: AWS Lambda developer guide, the same page and "Using a Kafka topic as an on-failure destination"; Amazon MSK
 * developer guide, "Semantics of IAM authorization policy actions and resources".
 */
export function grantBrokers(grantee: IGrantable, clusterArn: string, use: ClusterUse): void {
  const { topic, consumerGroupId, failureTopic } = use;
  const grant = (resourceArn: string, ...actions: string[]): Grant =>
    Grant.addToPrincipal({ grantee, actions, resourceArns: [resourceArn] });
  grant(clusterArn, 'kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration');
  grant(clusterMemberArn(clusterArn, 'topic', topic), 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData');
  grant(
    clusterMemberArn(clusterArn, 'group', consumerGroupId),
    'kafka-cluster:AlterGroup',
    'kafka-cluster:DescribeGroup',
  );
  if (failureTopic === undefined) return;
  grant(clusterArn, 'kafka-cluster:DescribeCluster');
  grant(
    clusterMemberArn(clusterArn, 'topic', failureTopic),
    'kafka-cluster:DescribeTopic',
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData',
  );
}
