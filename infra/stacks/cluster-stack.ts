import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledgeTopics } from '../nag/acknowledge-topics.ts';
import { ClusterNetwork } from './cluster-network.ts';
import type { NewTopic } from './topics/new-topic.ts';
import { Topics } from './topics/topics.ts';

/** `topics`: made when the cluster is there; a topic that exists is left as it is. */
export interface ClusterStackProps extends StackProps {
  readonly topics: readonly NewTopic[];
}

/**
 * An MSK Serverless cluster with IAM authentication in a VPC of its own, and its topics.
 *
 * The stack is protected from termination: the cluster's records go with it.
 */
export class ClusterStack extends Stack {
  readonly clusterArn: string;
  /** Given by us, so that it names the cluster before it is there. */
  readonly clusterName: string;

  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, {
      description: 'MSK Serverless cluster of the consumers',
      terminationProtection: true,
      ...props,
    });
    this.clusterName = 'kafka-once';
    const network = new ClusterNetwork(this, 'Network');
    const cluster = new CfnServerlessCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: network.subnets.subnetIds, securityGroups: [network.brokers.securityGroupId] }],
    });
    this.clusterArn = cluster.attrArn;
    const topics = new Topics(this, 'Topics', { clusterArn: this.clusterArn, topics: props.topics, network });
    // The function that makes them needs the rule that lets it in.
    topics.node.addDependency(network.brokers);
    acknowledgeTopics(topics, {
      subnetIds: network.subnets.subnetIds,
      securityGroupIds: [network.brokers.securityGroupId],
    });
    new CfnOutput(this, 'ClusterArn', { value: this.clusterArn });
    new CfnOutput(this, 'BootstrapBrokers', { value: topics.bootstrapBrokers });
    new CfnOutput(this, 'VpcId', { value: network.vpc.vpcId });
    new CfnOutput(this, 'BrokerSecurityGroupId', { value: network.brokers.securityGroupId });
  }
}
