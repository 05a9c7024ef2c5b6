import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../../infra/config/configuration.ts';
import { type Context, type ContextName, contextExamples } from '../../../../infra/config/context-names.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';

const { mskClusterArn, bootstrapServers, secretArn, secretKeyArn, paymentGatewayUrl, ...examples } = contextExamples;
const mskSecretArn = secretArn.replace('shop', 'AmazonMSK_shop');
const msk = { mskClusterArn, paymentGatewayUrl };
const brokers = { bootstrapServers, secretArn, paymentGatewayUrl };
const network = {
  vpcId: examples.vpcId,
  subnetIds: examples.subnetIds,
  securityGroupIds: examples.securityGroupIds,
};

/** What CDK itself keeps in the context, libraries with flags like CDK's, and other apps. */
const ofCdk = {
  'aws:cdk:version-reporting': true,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  'availability-zones:account=1:region=eu-central-1': ['eu-central-1a'],
  '@aws-cdk/aws-secretsmanager:secretArn': true,
  'aws-cdk:enableDiffNoFail': true,
  'vpc-provider:account=1:filter.vpc-id=vpc-1:region=eu-central-1': {},
  'greenfield/core:flag': true,
  'cli-telemetry': false,
  'acknowledged-issue-numbers': [34892],
  tenant: 'of another app',
  stage: 'prod',
  id: 'of another app',
};

describe('the configuration', () => {
  it('of an MSK cluster has IAM, default topics and nothing that is billed by the hour', () => {
    expect(readConfiguration({ ...ofCdk, ...msk })).toEqual({
      source: { kind: 'msk', clusterArn: mskClusterArn, authentication: { kind: 'iam' }, clusterLabel: undefined },
      topics: { orders: 'orders', customers: 'customers' },
      paymentGatewayUrl,
      provisionedPollers: undefined,
      partialResponses: 'off',
      eventSourceMappings: 'create',
      alarms: undefined,
      runbookUrl: undefined,
      deployedTemplate: undefined,
      deployedClusterTemplate: undefined,
    });
  });

  it('of a cluster with a secret has SCRAM if nothing else is said', () => {
    expect(readConfiguration({ ...msk, secretArn: mskSecretArn, secretKeyArn }).source).toMatchObject({
      authentication: { kind: 'scram-sha-512', secretArn: mskSecretArn, secretKeyArn },
    });
    expect(readConfiguration(brokers).source).toEqual({
      kind: 'selfManaged',
      bootstrapServers: bootstrapServers.split(','),
      authentication: { kind: 'scram-sha-512', secretArn, secretKeyArn: undefined },
      rootCaSecretArn: undefined,
      network: undefined,
      clusterLabel: undefined,
    });
  });

  it('of an MSK cluster takes any secret for mTLS', () => {
    expect(readConfiguration({ ...msk, authentication: 'mtls', secretArn }).source).toMatchObject({
      authentication: { kind: 'mtls', secretArn, secretKeyArn: undefined },
    });
  });

  it.each(['scram-sha-512', 'scram-sha-256', 'plain', 'mtls'])('of self-managed brokers takes %s', (authentication) => {
    expect(readConfiguration({ ...brokers, authentication }).source).toMatchObject({
      authentication: { kind: authentication },
    });
  });

  it('of brokers in a VPC may do without authentication', () => {
    const context = { bootstrapServers, paymentGatewayUrl, authentication: 'none', ...network };
    expect(readConfiguration(context).source).toMatchObject({
      authentication: { kind: 'none' },
      network: {
        vpcId: network.vpcId,
        subnetIds: network.subnetIds.split(','),
        securityGroupIds: ['sg-0a1b2c3d4e5f67890'],
      },
    });
  });

  it('takes lists and switches also as cdk.json can hold them', () => {
    const source = readConfiguration({ ...brokers, bootstrapServers: ['one:9092', 'two:9092'] }).source;
    expect(source).toMatchObject({ bootstrapServers: ['one:9092', 'two:9092'] });
    expect(readConfiguration({ greenfield: true, paymentGatewayUrl }).source).toEqual({
      kind: 'greenfield',
      topicPartitions: 3,
    });
    expect(readConfiguration({ greenfield: 'false', localstack: 'true', paymentGatewayUrl }).source).toEqual({
      kind: 'localstack',
    });
  });

  it('takes numbers and booleans of cdk.json for what is the same text on the command line', () => {
    const context = { greenfield: true, localstack: false, topicPartitions: 4, ordersTopic: 77, paymentGatewayUrl };
    expect(readConfiguration(context)).toEqual(
      readConfiguration({
        ...context,
        greenfield: 'true',
        localstack: 'false',
        topicPartitions: '4',
        ordersTopic: '77',
      }),
    );
  });

  it.each([
    ['2', { minimum: 2 }],
    ['1-4', { minimum: 1, maximum: 4 }],
    [1, { minimum: 1 }],
  ])('takes provisionedPollers=%j', (provisionedPollers, expected) => {
    expect(readConfiguration({ ...msk, provisionedPollers }).provisionedPollers).toEqual(expected);
  });

  it('takes a topic or an address for alarms', () => {
    const { alarmTopicArn, alarmEmail } = examples;
    expect(readConfiguration({ ...msk, alarmTopicArn }).alarms).toEqual({ topicArn: alarmTopicArn });
    expect(readConfiguration({ ...msk, alarmEmail }).alarms).toEqual({ email: alarmEmail });
  });

  it('takes every example that it gives', () => {
    const { vpcId, subnetIds, securityGroupIds, rootCaSecretArn, clusterLabel, authentication } = examples;
    const { ordersTopic, customersTopic, provisionedPollers, partialResponses, alarmEmail, deployedTemplate } =
      examples;
    const {
      eventSourceMappings,
      alarmTopicArn,
      topicPartitions,
      runbookUrl,
      deployedClusterTemplate,
      greenfield,
      localstack,
    } = examples;
    const all = {
      ordersTopic,
      customersTopic,
      provisionedPollers,
      partialResponses,
      eventSourceMappings,
      runbookUrl,
      deployedTemplate,
      paymentGatewayUrl,
    };
    const place = { vpcId, subnetIds, securityGroupIds };
    const used: readonly Context[] = [
      {
        ...all,
        ...place,
        bootstrapServers,
        authentication,
        secretArn,
        secretKeyArn,
        rootCaSecretArn,
        clusterLabel,
        alarmEmail,
      },
      { ...all, mskClusterArn, alarmTopicArn },
      { ...all, greenfield, topicPartitions, deployedClusterTemplate },
      { ...all, localstack },
    ];
    for (const context of used) readConfiguration(context);
    expect(new Set(used.flatMap((context) => Object.keys(context)))).toEqual(new Set(Object.keys(contextExamples)));
  });
});

/** A context, the context value that is wrong, and words of the error about it. */
const refused: readonly (readonly [context: Context, name: ContextName | (string & {}), words: string])[] = [
  [{ paymentGatewayUrl }, 'mskClusterArn', 'is missing'],
  [{ mskClusterArn }, 'paymentGatewayUrl', 'is missing'],
  [{ ...msk, paymentGatewayUrl: '' }, 'paymentGatewayUrl', 'is ""; expected is an http or https URL'],
  [{ ...msk, paymentGatewayUrl: 'payments.example.com' }, 'paymentGatewayUrl', 'is "payments.example.com"'],
  [{ ...msk, paymentGatewayUrl: 'ftp://payments' }, 'paymentGatewayUrl', 'expected is an http or https URL'],
  [{ ...msk, mskClusterArn: 'orders' }, 'mskClusterArn', "is 'orders'; expected is arn:<partition>:kafka:"],
  [{ ...msk, mskClusterArn: '' }, 'mskClusterArn', "is ''"],
  [{ ...msk, mskClusterArn: 7 }, 'mskClusterArn', "is '7'; expected is arn:"],
  [{ ...msk, mskClusterArn: {} }, 'mskClusterArn', 'is {}; expected is the ARN of a cluster'],
  [{ ...msk, provisionedPollers: 0 }, 'provisionedPollers', 'is 0; expected is a minimum from 1 to 200'],
  [{ ...msk, provisionedPollers: 1.5 }, 'provisionedPollers', 'is 1.5; expected is a minimum from 1 to 200'],
  [{ ...msk, provisionedPollers: [1] }, 'provisionedPollers', 'is [1]; expected is a minimum from 1 to 200'],
  [{ greenfield: true, paymentGatewayUrl, topicPartitions: true }, 'topicPartitions', 'is true; expected is a whole'],
  [{ ...msk, greenfield: 1 }, 'greenfield', "is 1; expected is 'true' or 'false'"],
  [{ ...msk, bootstrapServers }, 'bootstrapServers', 'is given with mskClusterArn'],
  [{ ...msk, greenfield: 'true' }, 'greenfield', 'is given with mskClusterArn'],
  [{ ...msk, greenfield: 'yes' }, 'greenfield', "is \"yes\"; expected is 'true' or 'false'"],
  [{ localstack: true, greenfield: true, paymentGatewayUrl }, 'localstack', 'is given with greenfield'],
  [{ ...msk, authentication: 'plain' }, 'authentication', 'is "plain"; expected is one of iam, scram-sha-512, mtls'],
  [{ ...msk, authentication: 'scram-sha-256', secretArn }, 'authentication', 'expected is one of iam'],
  [{ ...msk, authentication: 'mtls' }, 'secretArn', 'is missing; authentication'],
  [{ ...msk, authentication: 'iam', secretArn }, 'secretArn', "is not used by authentication 'iam'"],
  [{ ...msk, secretArn: 'AmazonMSK_orders' }, 'secretArn', 'expected is the whole ARN of a secret'],
  [{ ...msk, secretArn: secretArn.slice(0, -7) }, 'secretArn', 'expected is the whole ARN of a secret'],
  [{ ...msk, secretArn: mskSecretArn }, 'secretKeyArn', 'is missing; MSK takes only SCRAM secrets that are encrypted'],
  [
    { ...msk, secretArn: mskSecretArn },
    'secretKeyArn',
    `: npx cdk deploy -c secretArn=${mskSecretArn} -c secretKeyArn=`,
  ],
  [{ ...msk, secretArn, secretKeyArn }, 'secretArn', 'whose name begins with AmazonMSK_, as in'],
  [{ ...msk, authentication: 'scram-sha-512' }, 'secretArn', `-c secretArn=${mskSecretArn}`],
  [{ bootstrapServers, paymentGatewayUrl }, 'secretArn', `-c secretArn=${secretArn}`],
  [
    { ...brokers, secretKeyArn: secretKeyArn.replace('key/', 'alias/') },
    'secretKeyArn',
    'expected is the ARN of a KMS key, and not of an alias',
  ],
  [{ ...msk, secretArn, secretKeyArn: 'alias/orders' }, 'secretKeyArn', 'expected is the ARN of a KMS key'],
  [{ ...msk, rootCaSecretArn: secretArn }, 'rootCaSecretArn', 'has no meaning with mskClusterArn'],
  [{ ...msk, ...network }, 'subnetIds', 'has no meaning with mskClusterArn'],
  [{ ...msk, topicPartitions: 4 }, 'topicPartitions', 'has no meaning with mskClusterArn'],
  [{ ...msk, deployedClusterTemplate: 'x.json' }, 'deployedClusterTemplate', 'has no meaning with mskClusterArn'],
  [{ ...msk, clusterLabel: 'two words' }, 'clusterLabel', 'expected are 1 to 100 ASCII characters'],
  [{ bootstrapServers, paymentGatewayUrl }, 'secretArn', 'is missing'],
  [{ ...brokers, bootstrapServers: 'broker' }, 'bootstrapServers', "is 'broker'; expected is host:port"],
  [{ ...brokers, bootstrapServers: '' }, 'bootstrapServers', 'is ""; expected is host:port'],
  [{ ...brokers, bootstrapServers: 'one:9092,,two:9092' }, 'bootstrapServers', 'expected is host:port'],
  [{ ...brokers, bootstrapServers: ['one:9092', 2] }, 'bootstrapServers', 'expected is host:port'],
  [
    { ...brokers, bootstrapServers: Array(11).fill('a:1').join(',') },
    'bootstrapServers',
    'has 11 brokers; AWS takes 1 to 10',
  ],
  [{ ...brokers, authentication: 'iam' }, 'authentication', 'expected is one of scram-sha-512, scram-sha-256'],
  [{ ...brokers, rootCaSecretArn: 'ca' }, 'rootCaSecretArn', 'expected is the'],
  [{ bootstrapServers, paymentGatewayUrl, authentication: 'none' }, 'vpcId', 'Lambda takes only of brokers in a VPC'],
  [{ ...brokers, vpcId: network.vpcId }, 'subnetIds', 'is missing; brokers in a VPC need all three'],
  [{ ...brokers, vpcId: network.vpcId }, 'securityGroupIds', 'is missing; brokers in a VPC need all three'],
  [{ ...brokers, ...network, vpcId: 'orders' }, 'vpcId', 'expected is the ID of a VPC'],
  [{ ...brokers, ...network, subnetIds: 'a,b' }, 'subnetIds', 'expected are IDs of subnets'],
  [{ ...brokers, ...network, securityGroupIds: 'subnet-1' }, 'securityGroupIds', 'expected are IDs of security groups'],
  [{ greenfield: true, paymentGatewayUrl, topicPartitions: 'many' }, 'topicPartitions', 'a whole number from 1 to 100'],
  [{ greenfield: true, paymentGatewayUrl, topicPartitions: 0 }, 'topicPartitions', 'a whole number from 1 to 100'],
  [{ greenfield: true, paymentGatewayUrl, secretArn }, 'secretArn', 'has no meaning with greenfield'],
  [{ localstack: true, paymentGatewayUrl, clusterLabel: 'x' }, 'clusterLabel', 'has no meaning with localstack'],
  [{ ...msk, ordersTopic: 'two words' }, 'ordersTopic', 'is two words; AWS allows'],
  [{ ...msk, ordersTopic: '' }, 'ordersTopic', 'AWS allows'],
  [{ ...msk, customersTopic: 'orders' }, 'customersTopic', "is 'orders', which is the topic of orders"],
  [{ ...msk, provisionedPollers: 'two' }, 'provisionedPollers', 'is "two"; expected is a minimum from 1 to 200'],
  [{ ...msk, provisionedPollers: '0' }, 'provisionedPollers', 'expected is a minimum from 1 to 200'],
  [{ ...msk, provisionedPollers: '201' }, 'provisionedPollers', 'expected is a minimum from 1 to 200'],
  [{ ...msk, provisionedPollers: '4-2' }, 'provisionedPollers', 'expected is a maximum from the minimum to 2000'],
  [{ ...msk, provisionedPollers: '4-2001' }, 'provisionedPollers', 'expected is a maximum from the minimum to 2000'],
  [{ ...msk, partialResponses: 'on' }, 'partialResponses', 'is "on"; expected is one of off, mapping, report'],
  [{ ...msk, eventSourceMappings: 'no' }, 'eventSourceMappings', 'is "no"; expected is one of create, none'],
  [{ ...msk, eventSourceMapping: 'none' }, 'eventSourceMapping', 'eventSourceMappings is'],
  [{ ...msk, partialResponses: 'report' }, 'provisionedPollers', 'is missing; partialResponses is'],
  [{ ...msk, alarmTopicArn: 'on-call' }, 'alarmTopicArn', 'expected is the ARN of a standard SNS topic'],
  [{ ...msk, alarmTopicArn: `${examples.alarmTopicArn}.fifo` }, 'alarmTopicArn', 'a standard SNS topic'],
  [{ ...msk, alarmEmail: 'on-call' }, 'alarmEmail', 'expected is an e-mail address'],
  [
    { ...msk, alarmEmail: examples.alarmEmail, alarmTopicArn: examples.alarmTopicArn },
    'alarmEmail',
    'is given with alarmTopicArn',
  ],
  [{ ...msk, runbookUrl: 'docs/runbook.md' }, 'runbookUrl', 'is "docs/runbook.md"; expected is an http or https URL'],
  [{ ...msk, runbookUrl: 'https://wiki.example.com/#top' }, 'runbookUrl', 'without a fragment, as in'],
  [{ ...msk, runbookUrl: `https://wiki.example.com/${'x'.repeat(500)}` }, 'runbookUrl', 'at most 500 characters'],
  [{ ...msk, deployedTemplate: '' }, 'deployedTemplate', 'is ""; expected is a file'],
  [{ ...msk, mskClusterARN: 'x' }, 'mskClusterARN', 'is no context value of this app; mskClusterArn is'],
  [{ ...msk, 'msk-cluster-arn': 'x' }, 'msk-cluster-arn', 'mskClusterArn is'],
  [{ ...msk, provisionedPoller: '1' }, 'provisionedPoller', 'provisionedPollers is'],
  [{ ...msk, alarmsEmail: 'x' }, 'alarmsEmail', 'alarmEmail is'],
  [{ ...msk, partialResponse: 'report' }, 'partialResponse', 'partialResponses is'],
  [{ ...msk, vpcid: 'x' }, 'vpcid', 'vpcId is'],
  [
    { ...msk, secret: 'x' },
    'secret',
    'secretArn, secretKeyArn, rootCaSecretArn are. Give -c secretArn=… or -c secretKeyArn=',
  ],
  [{ ...msk, auth: 'scram' }, 'auth', 'is no context value of this app; authentication is'],
  [{ ...msk, pollers: '2' }, 'pollers', 'provisionedPollers is'],
  [{ ...msk, alarmTopic: 'x' }, 'alarmTopic', 'alarmTopicArn is'],
  [{ ...msk, email: 'x' }, 'email', 'alarmEmail is'],
  [{ ...msk, alarms: 'x' }, 'alarms', 'alarmTopicArn, alarmEmail are'],
  [{ ...msk, topic: 'x' }, 'topic', 'ordersTopic, customersTopic, topicPartitions, alarmTopicArn are'],
  [{ ...msk, topics: 'x' }, 'topics', 'ordersTopic, customersTopic'],
  [{ ...msk, partial: 'report' }, 'partial', 'partialResponses is'],
  [{ ...msk, 'root-ca': 'x' }, 'root-ca', 'rootCaSecretArn is'],
  [{ ...msk, mskArn: 'x' }, 'mskArn', 'mskClusterArn is'],
  [{ ...msk, alarmtopic: 'x' }, 'alarmtopic', 'alarmTopicArn is'],
  [{ ...msk, ordersTopicName: 'x' }, 'ordersTopicName', 'ordersTopic is'],
  [{ ...msk, vpc: 'x' }, 'vpc', 'vpcId is'],
];

describe('the configuration refuses', () => {
  it.each(refused)('%j: %s %s', (context, name, words) => {
    const error = problemsOf(context);
    expect(error).toBeInstanceOf(ConfigurationError);
    const line = error?.message.split('\n').find((each) => each.startsWith(`${name}: `));
    expect(line).toContain(words);
  });

  it('a missing source with a command that would do', () => {
    expect(problemsOf({ paymentGatewayUrl })?.message).toContain(`npx cdk deploy -c mskClusterArn=${mskClusterArn}`);
  });

  const elsewhere = (arn: string): string => arn.replace('eu-central-1', 'eu-west-1');
  const { rootCaSecretArn, alarmTopicArn } = examples;
  const scram = { ...msk, secretArn: mskSecretArn, secretKeyArn };
  const own = { ...brokers, secretKeyArn, rootCaSecretArn };
  it.each([
    ['secretArn', { ...scram, secretArn: elsewhere(mskSecretArn) }, 'mskClusterArn'],
    ['secretKeyArn', { ...scram, secretKeyArn: elsewhere(secretKeyArn) }, 'mskClusterArn'],
    ['alarmTopicArn', { ...msk, alarmTopicArn: elsewhere(alarmTopicArn) }, 'mskClusterArn'],
    ['secretKeyArn', { ...own, secretKeyArn: elsewhere(secretKeyArn) }, 'secretArn'],
    ['rootCaSecretArn', { ...own, rootCaSecretArn: elsewhere(rootCaSecretArn) }, 'secretArn'],
    ['alarmTopicArn', { ...own, alarmTopicArn: elsewhere(alarmTopicArn) }, 'secretArn'],
  ])('%s in another Region: %j', (name, context, first) => {
    const line = `${name}: is in eu-west-1; ${first} is in eu-central-1, and`;
    expect(problemsOf(context)?.message).toContain(line);
    expect(problemsOf(context, 'eu-central-1')?.message).toContain(
      `${name}: is in eu-west-1; the stack is in eu-central-1, and`,
    );
  });

  it('what is in one Region and the stack in another', () => {
    const context = { greenfield: true, paymentGatewayUrl, alarmTopicArn };
    expect(problemsOf(context)).toBeUndefined();
    expect(problemsOf(context, 'eu-central-1')).toBeUndefined();
    expect(problemsOf(context, 'eu-west-1')?.message).toContain(
      'alarmTopicArn: is in eu-central-1; the stack is in eu-',
    );
    const message = problemsOf(own, 'eu-west-1')?.message ?? '';
    const names = message.split('\n').map((line) => line.split(':')[0]);
    expect(names).toEqual(['secretArn', 'secretKeyArn', 'rootCaSecretArn']);
  });

  it.each(['greenfield', 'localstack'])('%s=yes, and does not ask for another source', (name) => {
    const message = problemsOf({ [name]: 'yes', paymentGatewayUrl })?.message ?? '';
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([name]);
  });

  it('everything at once', () => {
    const message = problemsOf({ partialResponses: 'on', alarmEmail: 'me', ordersTopic: 'a b' })?.message ?? '';
    const names = message.split('\n').map((line) => line.split(':')[0]);
    expect(names).toEqual(['mskClusterArn', 'partialResponses', 'ordersTopic', 'paymentGatewayUrl', 'alarmEmail']);
  });
});

function problemsOf(context: Context, region?: string): Error | undefined {
  try {
    readConfiguration(context, region);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
