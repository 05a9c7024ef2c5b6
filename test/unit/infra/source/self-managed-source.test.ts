import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type IamAuthentication,
  KafkaAuthentication,
  type SelfManagedAuthentication,
} from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import type { SelfManagedSourceProps } from '../../../../infra/source/self-managed-source.ts';
import { bindSource } from './bound-source.ts';
import { resourcesOf } from './statements.ts';

const bootstrapServers = ['kafka-1.example.com:9092', 'kafka-2.example.com:9092'];
const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-AbCdEf';
const rootCaArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:root-ca-GhIjKl';
const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';

const secretOf = (stack: Stack) => Secret.fromSecretCompleteArn(stack, 'Secret', secretArn);

const farSecret = (stack: Stack) =>
  Secret.fromSecretCompleteArn(stack, 'Far', secretArn.replace('eu-central-1', 'us-east-1'));

function rootCaOf(stack: Stack) {
  const encryptionKey = Key.fromKeyArn(stack, 'RootCaKey', keyArn);
  return Secret.fromSecretAttributes(stack, 'RootCa', { secretCompleteArn: rootCaArn, encryptionKey });
}

function vpcOf(stack: Stack) {
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    privateSubnetIds: ['subnet-a', 'subnet-b'],
    isolatedSubnetIds: ['subnet-c', 'subnet-d'],
  });
  return { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] };
}

function bind(propsOf: (stack: Stack) => Partial<SelfManagedSourceProps>) {
  return bindSource((stack) => {
    const props = propsOf(stack);
    const authentication = props.authentication ?? KafkaAuthentication.scram(secretOf(stack));
    return KafkaSource.selfManaged({ bootstrapServers, ...props, authentication });
  });
}

/** The error of a source that has these properties. */
function refusal(props: Partial<SelfManagedSourceProps>) {
  return () => bind(() => props);
}

describe('self-managed brokers over the internet', () => {
  it.each([
    ['SASL_SCRAM_512_AUTH', (stack: Stack) => KafkaAuthentication.scram(secretOf(stack))],
    [
      'SASL_SCRAM_256_AUTH',
      (stack: Stack) => KafkaAuthentication.scram(secretOf(stack), { mechanism: 'SCRAM-SHA-256' }),
    ],
    ['BASIC_AUTH', (stack: Stack) => KafkaAuthentication.plain(secretOf(stack))],
    ['CLIENT_CERTIFICATE_TLS_AUTH', (stack: Stack) => KafkaAuthentication.mtls(secretOf(stack))],
  ])('%s names brokers and secret', (type, authenticationOf) => {
    const { mapping, binding } = bind((stack) => ({ authentication: authenticationOf(stack) }));
    expect(mapping).toEqual({
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: bootstrapServers } },
      sourceAccessConfigurations: [{ type, uri: secretArn }],
    });
    expect(binding.kind).toBe('selfManaged');
  });

  it('grants reading the secret, and nothing of networks, MSK or Kafka', () => {
    expect(bind(() => ({})).statements).toEqual([
      { actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
    ]);
  });

  it('with a private CA also names and grants its secret and key', () => {
    const { mapping, statements } = bind((stack) => ({ rootCa: rootCaOf(stack) }));
    expect(mapping).toMatchObject({
      sourceAccessConfigurations: [
        { type: 'SASL_SCRAM_512_AUTH', uri: secretArn },
        { type: 'SERVER_ROOT_CA_CERTIFICATE', uri: rootCaArn },
      ],
    });
    expect(resourcesOf(statements, 'secretsmanager:GetSecretValue')).toEqual([secretArn, rootCaArn]);
    expect(resourcesOf(statements, 'kms:Decrypt')).toEqual([keyArn]);
  });

  it.each<[string, (stack: Stack) => Partial<SelfManagedSourceProps>]>([
    ['authentication.secret', (stack) => ({ authentication: KafkaAuthentication.plain(farSecret(stack)) })],
    ['rootCa', (stack) => ({ rootCa: farSecret(stack) })],
  ])('takes no %s of another Region', (property, propsOf) => {
    expect(() => bind(propsOf)).toThrow(`${property}: is in us-east-1, and the stack is in eu-central-1`);
  });

  it('must ask for authentication', () => {
    expect(refusal({ authentication: KafkaAuthentication.none() })).toThrow(
      /^authentication: is none and there is no vpc; .*Give a secret, or the vpc/,
    );
  });
});

describe('authentication that self-managed brokers do not have here', () => {
  it('does not compile', () => {
    expectTypeOf<IamAuthentication>().not.toExtend<SelfManagedAuthentication>();
  });

  it('is refused where types are not checked', () => {
    const authentication = KafkaAuthentication.none();
    Object.assign(authentication, KafkaAuthentication.iam());
    expect(refusal({ authentication })).toThrow(
      /^authentication: is iam\(\); for self-managed brokers there are scram/,
    );
  });
});

describe('self-managed brokers in a VPC', () => {
  it('need no authentication; subnets and security groups are named', () => {
    const { mapping } = bind((stack) => ({ authentication: KafkaAuthentication.none(), ...vpcOf(stack) }));
    expect(mapping).toMatchObject({
      sourceAccessConfigurations: [
        { type: 'VPC_SUBNET', uri: 'subnet:subnet-a' },
        { type: 'VPC_SUBNET', uri: 'subnet:subnet-b' },
        { type: 'VPC_SECURITY_GROUP', uri: 'security_group:sg-1' },
      ],
    });
  });

  it('grant network interfaces in these subnets and security groups only', () => {
    const { statements } = bind((stack) => ({ authentication: KafkaAuthentication.none(), ...vpcOf(stack) }));
    expect(statements).toEqual([
      {
        actions: [
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        resources: ['*'],
      },
      {
        actions: ['ec2:CreateNetworkInterface'],
        resources: [
          'arn:aws:ec2:eu-central-1:*:security-group/sg-1',
          'arn:aws:ec2:eu-central-1:*:subnet/subnet-a',
          'arn:aws:ec2:eu-central-1:*:subnet/subnet-b',
          'arn:aws:ec2:eu-central-1:123456789012:network-interface/*',
        ],
      },
      { actions: ['ec2:DeleteNetworkInterface'], resources: ['arn:aws:ec2:eu-central-1:123456789012:*/*'] },
    ]);
  });

  it('are reached in the subnets that the user selects, with authentication and CA as elsewhere', () => {
    const { mapping } = bind((stack) => ({
      rootCa: rootCaOf(stack),
      ...vpcOf(stack),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    }));
    expect(mapping).toMatchObject({
      sourceAccessConfigurations: [
        { type: 'SASL_SCRAM_512_AUTH', uri: secretArn },
        { type: 'SERVER_ROOT_CA_CERTIFICATE', uri: rootCaArn },
        { type: 'VPC_SUBNET', uri: 'subnet:subnet-c' },
        { type: 'VPC_SUBNET', uri: 'subnet:subnet-d' },
        { type: 'VPC_SECURITY_GROUP', uri: 'security_group:sg-1' },
      ],
    });
  });

  it('may be in a VPC that the app makes', () => {
    const { mapping } = bind((stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
      const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
      return { authentication: KafkaAuthentication.none(), vpc, securityGroups };
    });
    expect(mapping).toMatchObject({
      sourceAccessConfigurations: [
        { type: 'VPC_SUBNET', uri: expect.stringMatching(/^subnet:<VpcPrivateSubnet1Subnet\w+>$/) },
        { type: 'VPC_SECURITY_GROUP', uri: 'security_group:sg-1' },
      ],
    });
  });

  it('need a security group', () => {
    expect(() => bind((stack) => ({ vpc: vpcOf(stack).vpc }))).toThrow(/^securityGroups: is empty/);
  });

  it('need a subnet', () => {
    const vpcSubnets = { subnets: [] };
    expect(() => bind((stack) => ({ ...vpcOf(stack), vpcSubnets }))).toThrow(/^vpcSubnets: selects no subnet/);
  });

  it('cannot have more than the 22 access configurations that AWS takes', () => {
    const inSubnets = (count: number) => () =>
      bind((stack) => {
        const privateSubnetIds = Array.from({ length: count }, (_, index) => `subnet-${index}`);
        const availabilityZones = privateSubnetIds.map((_, index) => `eu-central-1${index}`);
        const vpc = Vpc.fromVpcAttributes(stack, 'Wide', { vpcId: 'vpc-2', availabilityZones, privateSubnetIds });
        return { vpc, securityGroups: vpcOf(stack).securityGroups };
      });
    expect(inSubnets(20)).not.toThrow();
    expect(inSubnets(21)).toThrow(/^vpcSubnets: makes 23 access configurations .*AWS takes 22/);
  });

  it('have a VPC: subnets and security groups without it are refused, each by its name', () => {
    const securityGroups = vpcOf(new Stack(new App(), 'Other')).securityGroups;
    expect(refusal({ securityGroups, vpcSubnets: {} })).toThrow(
      /^vpcSubnets: is given without vpc.*\nsecurityGroups: is given without vpc/,
    );
  });
});

describe('the addresses of self-managed brokers', () => {
  it.each([
    'kafka-1.example.com',
    'kafka-1.example.com:',
    'kafka-1.example.com:0',
    'kafka-1.example.com:65536',
    'SASL_SSL://kafka-1.example.com:9092',
    'kafka-1.example.com:9092,kafka-2.example.com:9092',
    ' kafka-1.example.com:9092',
    '-kafka.example.com:9092',
    'kafka_1:9092',
    `${'a'.repeat(296)}:9092`,
    '',
  ])('%j is refused, with its place', (server) => {
    expect(refusal({ bootstrapServers: ['kafka-1.example.com:9092', server] })).toThrow(
      `bootstrapServers[1]: is '${server}'; expected is host:port`,
    );
  });

  it.each(['kafka:1', '10.0.0.1:9092', 'b-1.a--b.example.com:65535', `${'a'.repeat(295)}:9092`])(
    '%s is taken',
    (server) => {
      expect(refusal({ bootstrapServers: [server] })).not.toThrow();
    },
  );

  it.each([0, 11])('are 1 to 10, not %i', (count) => {
    const many = Array.from({ length: count }, (_, index) => `kafka-${index}:9092`);
    expect(refusal({ bootstrapServers: many })).toThrow(`bootstrapServers: has ${count} brokers; AWS takes 1 to 10`);
  });

  it('are taken unseen if they are known at deployment only', () => {
    const { mapping } = bind((stack) => {
      const list = new CfnParameter(stack, 'Brokers');
      return { bootstrapServers: Fn.split(',', list.valueAsString) };
    });
    expect(mapping).toMatchObject({
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: '<Brokers> split at ","' } },
    });
    const one = bind((stack) => ({ bootstrapServers: [`${new CfnParameter(stack, 'Host').valueAsString}:9092`] }));
    expect(one.mapping).toMatchObject({
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: ['<Host>:9092'] } },
    });
  });
});

describe('the label of self-managed brokers', () => {
  it.each([[bootstrapServers], [['elsewhere:9092']]])("is 'default', whatever the brokers: %j", (servers) => {
    expect(bind(() => ({ bootstrapServers: servers })).clusterLabel).toBe('default');
  });

  it('is what the user says, and not empty', () => {
    expect(bind(() => ({ clusterLabel: 'plant-7' })).clusterLabel).toBe('plant-7');
    expect(refusal({ clusterLabel: '' })).toThrow(/^clusterLabel: is empty/);
  });
});
