import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import {
  KafkaAuthentication,
  type MskAuthentication,
  type SelfManagedAuthentication,
} from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import { bindSource, clusterArn } from './bound-source.ts';

/**
 * The actions for which AWS knows no resource, so that a policy can only say `*`.
 *
 * Source: service authorization reference, "Actions, resources, and condition keys" for Amazon EC2 and for Amazon Managed
 * Streaming for Apache Kafka: actions with an empty column "Resource types".
 */
const withoutResourceLevel = new Set([
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'kafka:GetBootstrapBrokers',
]);

function secretOf(stack: Stack, id: string) {
  const secretCompleteArn = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${id}-AbCdEf`;
  const encryptionKey = Key.fromKeyArn(stack, `${id}Key`, `arn:aws:kms:eu-central-1:123456789012:key/${id}`);
  return Secret.fromSecretAttributes(stack, id, { secretCompleteArn, encryptionKey });
}

function vpcOf(stack: Stack) {
  const subnets = { availabilityZones: ['eu-central-1a'], privateSubnetIds: ['subnet-a'] };
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', ...subnets });
  return { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] };
}

const msk = (authenticationOf: (stack: Stack) => MskAuthentication) => (stack: Stack) =>
  KafkaSource.msk({ clusterArn, authentication: authenticationOf(stack) });

const inVpc = (authenticationOf: (stack: Stack) => SelfManagedAuthentication) => (stack: Stack) =>
  KafkaSource.selfManaged({
    bootstrapServers: ['kafka:9092'],
    authentication: authenticationOf(stack),
    rootCa: secretOf(stack, 'RootCa'),
    ...vpcOf(stack),
  });

describe.each([
  ['MSK, IAM', msk(() => KafkaAuthentication.iam())],
  ['MSK, SCRAM', msk((stack) => KafkaAuthentication.scram(secretOf(stack, 'AmazonMSK_Reader')))],
  ['MSK, mTLS', msk((stack) => KafkaAuthentication.mtls(secretOf(stack, 'Reader')))],
  ['self-managed, SCRAM', inVpc((stack) => KafkaAuthentication.scram(secretOf(stack, 'Reader')))],
  ['self-managed, PLAIN', inVpc((stack) => KafkaAuthentication.plain(secretOf(stack, 'Reader')))],
  ['self-managed, mTLS', inVpc((stack) => KafkaAuthentication.mtls(secretOf(stack, 'Reader')))],
  ['self-managed, none', inVpc(() => KafkaAuthentication.none())],
])('%s', (_, makeSource) => {
  const { statements } = bindSource(makeSource, { failureTopic: 'orders-failed' });

  it('grants no action on every resource, but for those that have no resource level', () => {
    const onAll = statements.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions);
    expect(onAll.filter((action) => !withoutResourceLevel.has(action))).toEqual([]);
  });

  it('names each action in full', () => {
    const actions = statements.flatMap((statement) => statement.actions);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
});
