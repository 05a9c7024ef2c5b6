import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { inWords, statementsOf } from '../source/statements.ts';
import { contexts, synthesis } from './synthesis.ts';

const made = synthesis(
  { ...contexts.greenfield, topicPartitions: '5', ordersTopic: 'shop.orders' },
  { validated: true },
);
const cluster = made.template('KafkaOnceCluster');
const only = (type: string): string => {
  const [id, ...others] = Object.keys(cluster.findResources(type));
  expect(others).toEqual([]);
  return id ?? '';
};

describe('the stack of a new cluster', () => {
  it('passes the validation of CloudFormation, as the consumers do', () => {
    expect(made.findings).toEqual([]);
  });

  it('has an MSK Serverless cluster with IAM authentication in two subnets', () => {
    const subnets = Object.keys(cluster.findResources('AWS::EC2::Subnet'));
    expect(subnets).toHaveLength(2);
    cluster.hasResourceProperties('AWS::MSK::ServerlessCluster', {
      ClusterName: 'kafka-once',
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
      VpcConfigs: [{ SubnetIds: subnets.map((id) => ({ Ref: id })), SecurityGroups: [Match.anyValue()] }],
    });
  });

  it('has its subnets in two zones', () => {
    const zones = Object.values(cluster.findResources('AWS::EC2::Subnet')).map(
      ({ Properties }) => Properties.AvailabilityZone,
    );
    expect(zones).toEqual([0, 1].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })));
  });

  it('lets nothing out of the endpoints, and clients out to the brokers', () => {
    const egress = Object.entries(cluster.findResources('AWS::EC2::SecurityGroup')).map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      Properties.SecurityGroupEgress.map(({ CidrIp }: { CidrIp: string }) => CidrIp),
    ]);
    expect(Object.fromEntries(egress)).toEqual({
      NetworkBrokers: ['0.0.0.0/0'],
      // What CDK writes for nothing: CloudFormation would take an empty list for everything.
      NetworkEndpoints: ['255.255.255.255/32'],
    });
  });

  it('puts out where it is', () => {
    const outputs = Object.entries(cluster.findOutputs('*')).map(([name, { Value }]) => [name, inWords(Value)]);
    expect(Object.fromEntries(outputs)).toMatchObject({
      ClusterArn: '<Cluster.Arn>',
      BootstrapBrokers: `<${only('Custom::BootstrapBrokers')}.BootstrapBrokerStringSaslIam>`,
      VpcId: `<${only('AWS::EC2::VPC')}>`,
      BrokerSecurityGroupId: expect.stringMatching(/^<NetworkBrokers\w+\.GroupId>$/),
    });
  });

  it('has no way to the internet, and only the endpoints that pollers on demand need', () => {
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway', 'AWS::EC2::Route']) {
      cluster.resourceCountIs(type, 0);
    }
    const endpoints = Object.values(cluster.findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoints.map(({ Properties }) => [Properties.VpcEndpointType, inWords(Properties.ServiceName)])).toEqual([
      ['Interface', 'com.amazonaws.<AWS::Region>.lambda'],
      ['Interface', 'com.amazonaws.<AWS::Region>.sts'],
    ]);
  });

  it('logs traffic that was rejected, and no other', () => {
    cluster.hasResourceProperties('AWS::EC2::FlowLog', {
      ResourceType: 'VPC',
      ResourceId: { Ref: only('AWS::EC2::VPC') },
      TrafficType: 'REJECT',
    });
    cluster.resourceCountIs('AWS::EC2::FlowLog', 1);
  });

  it('lets only members of one security group in', () => {
    const rules = Object.values(cluster.findResources('AWS::EC2::SecurityGroupIngress'));
    const brokers = { 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkBrokers'), 'GroupId'] };
    expect(rules).toHaveLength(2);
    for (const port of [9098, 443]) {
      cluster.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        FromPort: port,
        ToPort: port,
        IpProtocol: 'tcp',
        SourceSecurityGroupId: brokers,
      });
    }
    for (const { Properties } of Object.values(cluster.findResources('AWS::EC2::SecurityGroup'))) {
      expect(Properties.SecurityGroupIngress).toBeUndefined();
    }
  });

  it('makes both topics, and may make no others', () => {
    cluster.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          TOPICS: '[{"topic":"shop.orders","partitions":5},{"topic":"customers","partitions":5}]',
          BOOTSTRAP_BROKERS: { 'Fn::GetAtt': [only('Custom::BootstrapBrokers'), 'BootstrapBrokerStringSaslIam'] },
        },
      },
      VpcConfig: Match.anyValue(),
    });
    const create = statementsOf(cluster).filter(({ actions }) => actions.includes('kafka-cluster:CreateTopic'));
    expect(create).toHaveLength(1);
    expect(create[0]?.actions).toEqual(['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic']);
    expect(create[0]?.resources.map((arn) => arn.split('/').at(-1))).toEqual(['customers', 'shop.orders']);
  });

  it('makes them before the consumers, once their role may', () => {
    const { DependsOn } = cluster.findResources('Custom::Trigger')[only('Custom::Trigger')] ?? {};
    expect(DependsOn).toContainEqual(expect.stringMatching(/^TopicsRoleDefaultPolicy/));
    const manifest = JSON.parse(readFileSync(join(made.folder, 'manifest.json'), 'utf8'));
    expect(manifest.artifacts.KafkaOnce.dependencies).toContain('KafkaOnceCluster');
    expect(manifest.artifacts.KafkaOnceCluster.properties.terminationProtection).toBe(true);
  });

  it('labels keys of the consumers by the name of the cluster', () => {
    made.consumers.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ KAFKA_ONCE_CLUSTER_LABEL: 'kafka-once' }) },
    });
  });
});
