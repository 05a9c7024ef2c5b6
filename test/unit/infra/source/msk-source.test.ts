import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  KafkaAuthentication,
  type KafkaSecret,
  type MskAuthentication,
  type NoAuthentication,
  type PlainAuthentication,
  type ScramAuthentication,
} from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { bindSource, clusterArn } from './bound-source.ts';
import { resourcesOf } from './statements.ts';

const inCluster = 'orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2';
const topicArn = (topic: string) => `arn:aws:kafka:eu-central-1:123456789012:topic/${inCluster}/${topic}`;
const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_orders-AbCdEf';
const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';

/** What the mapping needs of every cluster, whatever the authentication. */
const always = [
  { actions: ['kafka:DescribeClusterV2'], resources: [clusterArn] },
  { actions: ['kafka:GetBootstrapBrokers'], resources: ['*'] },
  {
    actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
    resources: ['*'],
  },
  {
    actions: ['ec2:CreateNetworkInterface'],
    resources: [
      'arn:aws:ec2:eu-central-1:*:security-group/*',
      'arn:aws:ec2:eu-central-1:*:subnet/*',
      'arn:aws:ec2:eu-central-1:123456789012:network-interface/*',
    ],
  },
  { actions: ['ec2:DeleteNetworkInterface'], resources: ['arn:aws:ec2:eu-central-1:123456789012:*/*'] },
];

const withIam = () => KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.iam() });

const importedKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', keyArn);

function importedSecret(stack: Stack) {
  const encryptionKey = importedKey(stack);
  return Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: secretArn, encryptionKey });
}

describe('MSK with IAM authentication', () => {
  it('names the cluster and no secret', () => {
    const { binding, mapping } = bindSource(withIam);
    expect(mapping).toEqual({ eventSourceArn: clusterArn });
    expect(binding.kind).toBe('msk');
  });

  it('grants what the mapping asks of AWS and what the brokers ask of a reader, each on its own resource', () => {
    const { statements } = bindSource(withIam);
    const expected = [
      ...always,
      {
        actions: ['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'],
        resources: [clusterArn],
      },
      { actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], resources: [topicArn('orders')] },
      {
        actions: ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
        resources: [`arn:aws:kafka:eu-central-1:123456789012:group/${inCluster}/billing`],
      },
    ];
    expect(byAction(statements)).toEqual(byAction(expected));
  });

  it('grants writing to the failure topic, and to no other', () => {
    const { statements } = bindSource(withIam, { failureTopic: 'orders-failed' });
    const both = [topicArn('orders'), topicArn('orders-failed')];
    expect(resourcesOf(statements, 'kafka-cluster:WriteData')).toEqual([topicArn('orders-failed')]);
    expect(resourcesOf(statements, 'kafka-cluster:DescribeTopic')).toEqual(both);
    expect(resourcesOf(statements, 'kafka-cluster:ReadData')).toEqual(both);
    expect(resourcesOf(statements, 'kafka-cluster:DescribeCluster')).toEqual([clusterArn]);
  });

  it('takes a cluster of the same app, whose ARN is known at deployment only', () => {
    const { mapping, statements, clusterLabel } = bindSource((stack) => {
      const cluster = new CfnServerlessCluster(stack, 'Cluster', {
        clusterName: 'orders-cluster',
        clientAuthentication: { sasl: { iam: { enabled: true } } },
        vpcConfigs: [{ subnetIds: ['subnet-1', 'subnet-2'] }],
      });
      return KafkaSource.msk({ clusterArn: cluster.attrArn, authentication: KafkaAuthentication.iam() });
    });
    const start = '<<Cluster.Arn> split at ":cluster/" [0]>';
    const nameAndUuid = '<<Cluster.Arn> split at ":cluster/" [1]>';
    expect(mapping).toEqual({ eventSourceArn: '<Cluster.Arn>' });
    expect(clusterLabel).toBe('<<Cluster.Arn> split at "/" [1]>');
    expect(resourcesOf(statements, 'kafka-cluster:Connect')).toEqual(['<Cluster.Arn>']);
    expect(resourcesOf(statements, 'kafka-cluster:ReadData')).toEqual([`${start}:topic/${nameAndUuid}/orders`]);
    expect(resourcesOf(statements, 'kafka-cluster:AlterGroup')).toEqual([`${start}:group/${nameAndUuid}/billing`]);
  });
});

describe('MSK with a secret', () => {
  const withScram = (stack: Stack) =>
    KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.scram(importedSecret(stack)) });

  it.each([
    ['SASL_SCRAM_512_AUTH', withScram],
    [
      'CLIENT_CERTIFICATE_TLS_AUTH',
      (stack: Stack) =>
        KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.mtls(importedSecret(stack)) }),
    ],
  ])('%s names the secret', (type, makeSource) => {
    expect(bindSource(makeSource).mapping).toEqual({
      eventSourceArn: clusterArn,
      sourceAccessConfigurations: [{ type, uri: secretArn }],
    });
  });

  it('of SCRAM may list the secrets of the cluster, and read this one and use its key', () => {
    const { statements } = bindSource(withScram);
    const [describeCluster, ...others] = always;
    const expected = [
      { ...describeCluster, actions: ['kafka:DescribeClusterV2', 'kafka:ListScramSecrets'], resources: [clusterArn] },
      ...others,
      { actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
      { actions: ['kms:Decrypt'], resources: [keyArn] },
    ];
    expect(byAction(statements)).toEqual(byAction(expected));
  });

  it('of mTLS may read this one and use its key, and knows of no others', () => {
    const { statements } = bindSource((stack) =>
      KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.mtls(importedSecret(stack)) }),
    );
    const expected = [
      ...always,
      { actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
      { actions: ['kms:Decrypt'], resources: [keyArn] },
    ];
    expect(byAction(statements)).toEqual(byAction(expected));
  });

  it('has no kafka-cluster permissions, with a failure topic neither: the brokers ask their own rules', () => {
    const { statements } = bindSource(withScram, { failureTopic: 'orders-failed' });
    expect(
      statements.flatMap(({ actions }) => actions).filter((action) => action.startsWith('kafka-cluster:')),
    ).toEqual([]);
  });

  it('of SCRAM whose key is not told is refused, for MSK has none without', () => {
    const bind = () =>
      bindSource((stack) => {
        const secret = Secret.fromSecretCompleteArn(stack, 'Secret', secretArn);
        return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.scram(secret) });
      });
    expect(bind).toThrow(/^authentication\.secret: names no encryptionKey; .*Secret\.fromSecretAttributes/);
  });

  it.each<[string, (stack: Stack, encryptionKey: Key) => KafkaSecret, RegExp]>([
    [
      'another name, imported by its ARN',
      (stack, encryptionKey) =>
        Secret.fromSecretAttributes(stack, 'Secret', {
          encryptionKey,
          secretCompleteArn: secretArn.replace('AmazonMSK_orders', 'orders'),
        }),
      /is 'orders'; MSK takes only SCRAM secrets whose name begins with AmazonMSK_/,
    ],
    [
      'another name, made by the app',
      (stack, encryptionKey) => new Secret(stack, 'Secret', { encryptionKey, secretName: 'amazonmsk_orders' }),
      /is 'amazonmsk_orders'; MSK takes/,
    ],
    [
      'a name of CloudFormation',
      (stack, encryptionKey) => new Secret(stack, 'Secret', { encryptionKey }),
      /has no secretName, so CloudFormation chooses one; MSK takes/,
    ],
  ])('of SCRAM with %s is refused', (_name, makeSecret, message) => {
    const bind = (kind: 'scram' | 'mtls') => () =>
      bindSource((stack) => {
        const secret = makeSecret(stack, new Key(stack, 'Key'));
        return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication[kind](secret) });
      });
    expect(bind('scram')).toThrow(message);
    expect(bind('mtls')).not.toThrow();
  });

  it('of another Region is refused', () => {
    const secretCompleteArn = secretArn.replace('eu-central-1', 'us-east-1');
    const bind = () =>
      bindSource((stack) => {
        const encryptionKey = importedKey(stack);
        const secret = Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn, encryptionKey });
        return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.scram(secret) });
      });
    expect(bind).toThrow(/^authentication\.secret: is in us-east-1, and the stack is in eu-central-1/);
  });

  it('that is imported by its name is granted by its name and any suffix', () => {
    const { statements } = bindSource((stack) => {
      const secret = Secret.fromSecretNameV2(stack, 'Secret', 'AmazonMSK_orders');
      return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.mtls(secret) });
    });
    expect(resourcesOf(statements, 'secretsmanager:GetSecretValue')).toEqual([
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_orders-??????',
    ]);
  });

  it('that the app makes is granted with the key that the app makes', () => {
    const { statements } = bindSource((stack) => {
      const secret = new Secret(stack, 'Secret', {
        encryptionKey: new Key(stack, 'Key'),
        secretName: 'AmazonMSK_orders',
      });
      return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.scram(secret) });
    });
    expect(resourcesOf(statements, 'secretsmanager:GetSecretValue')).toEqual([expect.stringMatching(/^<Secret\w+>$/)]);
    expect(resourcesOf(statements, 'kms:Decrypt')).toEqual([expect.stringMatching(/^<Key\w+\.Arn>$/)]);
  });
});

describe('the label of an MSK cluster', () => {
  it("is the cluster's name, which stays when it gets another UUID", () => {
    expect(bindSource(withIam).clusterLabel).toBe('orders-cluster');
  });

  it('is what the user says', () => {
    const authentication = KafkaAuthentication.iam();
    expect(
      bindSource(() => KafkaSource.msk({ clusterArn, authentication, clusterLabel: 'old-orders' })).clusterLabel,
    ).toBe('old-orders');
  });

  it('is not empty', () => {
    const authentication = KafkaAuthentication.iam();
    expect(() => KafkaSource.msk({ clusterArn, authentication, clusterLabel: '' })).toThrow(/^clusterLabel: is empty/);
  });
});

describe('the ARN of an MSK cluster', () => {
  const source = (arn: string) => KafkaSource.msk({ clusterArn: arn, authentication: KafkaAuthentication.iam() });

  it.each([
    '',
    'orders-cluster',
    'arn:aws:kafka:eu-central-1:123456789012:cluster/orders-cluster',
    'arn:aws:kafka:eu-central-1:12345678901:cluster/orders-cluster/abc-2',
    'arn:aws:kafka::123456789012:cluster/orders-cluster/abc-2',
    'arn:aws:msk:eu-central-1:123456789012:cluster/orders-cluster/abc-2',
    'arn:aws:kafka:eu-central-1:123456789012:topic/orders-cluster/abc-2/orders',
    clusterArn.replace('orders-cluster', 'c'.repeat(65)),
    ` ${clusterArn}`,
    `${clusterArn}/`,
  ])('%j is refused, and told together with the form that is expected', (arn) => {
    expect(() => source(arn)).toThrow(ConfigurationError);
    expect(() => source(arn)).toThrow(
      `clusterArn: is '${arn}'; expected is arn:<partition>:kafka:<region>:<account>:cluster/<name>/<uuid>`,
    );
  });

  it.each([
    clusterArn,
    'arn:aws:kafka:us-east-1:123456789012:cluster/demo/4a8e3c1f-7d6d-4b4c-a0a1-3ff0c6f8d3c4-s1',
    'arn:aws-us-gov:kafka:us-gov-west-1:123456789012:cluster/demo/abc-2',
    'arn:aws-cn:kafka:cn-north-1:123456789012:cluster/demo/abc-2',
    'arn:aws-eusc:kafka:eusc-de-east-1:123456789012:cluster/demo/abc-2',
  ])('%s is taken', (arn) => {
    expect(() => source(arn)).not.toThrow();
  });

  it('of another Region than the stack is refused', () => {
    const elsewhere = clusterArn.replace('eu-central-1', 'us-east-1');
    expect(() => bindSource(() => source(elsewhere))).toThrow(
      `clusterArn: is '${elsewhere}' in us-east-1; the stack is in eu-central-1`,
    );
  });

  it('is taken in a stack that does not know its Region', () => {
    expect(() => source(clusterArn).bind(new Stack(new App(), 'Anywhere'))).not.toThrow();
  });
});

describe('authentication that MSK does not have', () => {
  it('does not compile', () => {
    expectTypeOf<ScramAuthentication<'SCRAM-SHA-512'>>().toExtend<MskAuthentication>();
    expectTypeOf<ScramAuthentication>().not.toExtend<MskAuthentication>();
    expectTypeOf<PlainAuthentication>().not.toExtend<MskAuthentication>();
    expectTypeOf<NoAuthentication>().not.toExtend<MskAuthentication>();
  });

  it('is refused where types are not checked', () => {
    const secret = importedSecret(new Stack(new App(), 'Stack'));
    const scram256 = KafkaAuthentication.scram(secret, { mechanism: 'SCRAM-SHA-256' });
    const refused = { ...KafkaAuthentication.scram(secret) };
    Object.assign(refused, scram256);
    expect(() => KafkaSource.msk({ clusterArn, authentication: refused })).toThrow(/^authentication: is SCRAM-SHA-256/);
  });

  it('is told together with the rest', () => {
    const authentication = KafkaAuthentication.iam();
    expect(() => KafkaSource.msk({ clusterArn: 'x', authentication, clusterLabel: '' })).toThrow(
      /^clusterArn: is 'x'.*\nclusterLabel: is empty/,
    );
  });
});

/** One entry for each action, so that it does not matter how statements are put together. */
function byAction(statements: readonly { actions: readonly string[]; resources: readonly string[] }[]) {
  const names = [...new Set(statements.flatMap(({ actions }) => actions))].sort();
  return Object.fromEntries(names.map((name) => [name, [...resourcesOf(statements, name)].sort()]));
}

describe('an MSK cluster that cannot be read so', () => {
  it('is one of another account', () => {
    const foreign = clusterArn.replace('123456789012', '999999999999');
    const source = () => KafkaSource.msk({ clusterArn: foreign, authentication: KafkaAuthentication.iam() });
    expect(() => bindSource(source)).toThrow(/^clusterArn: .*of account 999999999999; the stack is in 123456789012/);
  });

  it('is one behind a managed VPC connection, as it is said of clusters of other accounts', () => {
    const connection = 'arn:aws:kafka:eu-central-1:123456789012:vpc-connection/999999999999/orders-cluster/abc-2';
    expect(() => KafkaSource.msk({ clusterArn: connection, authentication: KafkaAuthentication.iam() })).toThrow(
      /^clusterArn: is '.*', a managed VPC connection to a cluster of another account, which this construct does not/,
    );
  });

  it('is one of MSK Serverless without IAM', () => {
    const secret = importedSecret(new Stack(new App(), 'Any'));
    const serverless = clusterArn.replace(/-2$/, '-s1');
    const msk = (authentication: MskAuthentication) => () =>
      KafkaSource.msk({ clusterArn: serverless, authentication });
    expect(msk(KafkaAuthentication.scram(secret))).toThrow(/^authentication: is scram.*MSK Serverless/);
    expect(msk(KafkaAuthentication.iam())).not.toThrow();
  });
});
