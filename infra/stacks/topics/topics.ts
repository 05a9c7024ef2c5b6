import { fileURLToPath } from 'node:url';
import { Grant, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { grantNetworkInterfaces } from '../../source/grant-network-interfaces.ts';
import { clusterMemberArn } from '../../source/msk-cluster-arn.ts';
import type { ClusterNetwork } from '../cluster-network.ts';
import { kafkaClientBundling } from './kafka-client-bundling.ts';
import { type NewTopic, topicsText } from './new-topic.ts';

export interface TopicsProps {
  readonly clusterArn: string;
  readonly topics: readonly NewTopic[];
  readonly network: ClusterNetwork;
}

/**
 * Makes topics on an MSK Serverless cluster while the stack is deployed, and again when the list changes. Topics are never
 * deleted: they go with the cluster.
 *
 * A function in the VPC makes them as a Kafka client, because `AWS::MSK::Topic` is for provisioned clusters only. It needs
 * no endpoint: the addresses of the brokers are asked for outside of the VPC.
 *
 * Source: Amazon MSK developer guide, "Topic Operations".
 */
export class Topics extends Construct {
  /** `host:port` of the brokers, for clients that authenticate by IAM. */
  readonly bootstrapBrokers: string;

  constructor(scope: Construct, id: string, { clusterArn, topics, network }: TopicsProps) {
    super(scope, id);
    const brokers = new AwsCustomResource(this, 'Brokers', {
      resourceType: 'Custom::BootstrapBrokers',
      onUpdate: {
        service: 'Kafka',
        action: 'getBootstrapBrokers',
        parameters: { ClusterArn: clusterArn },
        physicalResourceId: PhysicalResourceId.of('BootstrapBrokers'),
        outputPaths: ['BootstrapBrokerStringSaslIam'],
      },
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        // The action has no resource level.
        new PolicyStatement({ actions: ['kafka:GetBootstrapBrokers'], resources: ['*'] }),
      ]),
      logGroup: shortLog(this, 'BrokersLog'),
    });
    this.bootstrapBrokers = brokers.getResponseField('BootstrapBrokerStringSaslIam');

    const logGroup = shortLog(this, 'Logs');
    const role = this.#role(logGroup, network);
    const grants = [
      Grant.addToPrincipal({ grantee: role, actions: ['kafka-cluster:Connect'], resourceArns: [clusterArn] }),
      Grant.addToPrincipal({
        grantee: role,
        actions: ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic'],
        resourceArns: topics.map(({ topic }) => clusterMemberArn(clusterArn, 'topic', topic)),
      }),
    ];
    const maker = new NodejsFunction(this, 'Function', {
      entry: fileURLToPath(new URL('function.ts', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.minutes(5),
      memorySize: 256,
      environment: { BOOTSTRAP_BROKERS: this.bootstrapBrokers, TOPICS: topicsText(topics) },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      vpc: network.vpc,
      vpcSubnets: { subnets: network.subnets.subnets },
      securityGroups: [network.brokers],
      bundling: kafkaClientBundling(),
    });
    const trigger = new Trigger(this, 'Made', { handler: maker, timeout: Duration.minutes(5) });
    for (const grant of grants) grant.applyBefore(trigger);
  }

  #role(logGroup: LogGroup, network: ClusterNetwork): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    Grant.addToPrincipal({
      grantee: role,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resourceArns: [logGroup.logGroupArn],
    });
    grantNetworkInterfaces(role, Stack.of(this), {
      subnetIds: network.subnets.subnetIds,
      securityGroupIds: [network.brokers.securityGroupId],
    });
    return role;
  }
}

function shortLog(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
}
