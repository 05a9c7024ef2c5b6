import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type CfnEventSourceMapping, FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KafkaConsumerProps } from '../../../../infra/consumer/kafka-consumer-props.ts';
import { FailureDestination } from '../../../../infra/destination/failure-destination.ts';
import { KafkaAuthentication } from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import { IdempotencyTable } from '../../../../infra/table/idempotency-table.ts';
import { resourcesOf, statementsOf } from '../source/statements.ts';
import { clusterArn, consumerIn, environmentOf, mappingOf, only, stage } from './staged-consumer.ts';

const ref = (id: string) => ({ Ref: expect.stringMatching(new RegExp(`^${id}`)) });
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${id}`)), name] });

describe('the function of a consumer', () => {
  it('is an arm64 Node 24 module with JSON logs, source maps and tracing', () => {
    const stack = stage();
    consumerIn(stack);
    expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 60,
      MemorySize: 1024,
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: ref('OrdersLogs') },
      TracingConfig: { Mode: 'Active' },
    });
    expect(only(stack, 'AWS::Logs::LogGroup').Properties).toEqual({ RetentionInDays: 30 });
  });

  it('is told of table, mode, namespace, cluster, queue and bucket, and of nothing that is not set', () => {
    const stack = stage();
    consumerIn(stack, { environment: { PAYMENT_GATEWAY_URL: 'https://pay.example' } });
    expect(environmentOf(stack)).toEqual({
      NODE_OPTIONS: '--enable-source-maps',
      PAYMENT_GATEWAY_URL: 'https://pay.example',
      KAFKA_ONCE_TABLE: ref('OrdersIdempotencyTable'),
      KAFKA_ONCE_MODE: 'claim',
      KAFKA_ONCE_NAMESPACE: 'Shop-Orders-A8B1F509',
      KAFKA_ONCE_CLUSTER_LABEL: 'orders-cluster',
      KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: ref('OrdersDeadLettersQueue'),
      KAFKA_ONCE_DEAD_LETTER_BUCKET: ref('OrdersDeadLettersBucket'),
    });
  });

  it('is told of lease, attempts and the topic that it may report', () => {
    const stack = stage();
    consumerIn(stack, {
      lease: Duration.seconds(10),
      maxAttempts: 4,
      failureReporting: 'report',
      reportBatchItemFailures: true,
      provisionedPollers: {},
      deadLetters: { queue: queueOf(stack) },
    });
    expect(environmentOf(stack)).toMatchObject({
      KAFKA_ONCE_LEASE_MS: '10000',
      KAFKA_ONCE_MAX_ATTEMPTS: '4',
      KAFKA_ONCE_REPORT_TOPICS: 'orders',
    });
    expect(environmentOf(stack)).not.toHaveProperty('KAFKA_ONCE_DEAD_LETTER_BUCKET');
  });

  it('reads only the markers, writes only dead letters, its own logs and its traces', () => {
    const stack = stage();
    consumerIn(stack);
    const own = statementsOf(Template.fromStack(stack)).filter(({ actions }) => !/^(kafka|ec2)/.test(actions[0] ?? ''));
    expect(own).toEqual([
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [expect.stringMatching(/^<OrdersLogs.*\.Arn>$/)],
      },
      { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] },
      {
        actions: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:PartiQLDelete',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLUpdate',
        ],
        resources: [expect.stringMatching(/^<OrdersIdempotencyTable.*\.Arn>$/)],
      },
      { actions: ['sqs:SendMessage'], resources: [expect.stringMatching(/^<OrdersDeadLettersQueue.*\.Arn>$/)] },
      { actions: ['s3:PutObject'], resources: [expect.stringMatching(/^<OrdersDeadLettersBucket.*\.Arn>\/\*$/)] },
    ]);
    expect(only(stack, 'AWS::IAM::Role').Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('runs as a role that Lambda alone assumes, and that has no other policy than its own', () => {
    const stack = stage();
    consumerIn(stack);
    expect(only(stack, 'AWS::IAM::Role').Properties).toEqual({
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
        Version: '2012-10-17',
      },
    });
  });

  it('in a VPC of its own may put network interfaces into its subnets, and has no managed policy', () => {
    const stack = stage();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-1'],
      privateSubnetRouteTableIds: ['rtb-1'],
    });
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
    consumerIn(stack, {
      vpc,
      securityGroups: [securityGroup],
      source: KafkaSource.selfManaged({
        bootstrapServers: ['a.example:9096'],
        authentication: KafkaAuthentication.scram(secretOf(stack)),
      }),
    });
    expect(resourcesOf(statementsOf(Template.fromStack(stack)), 'ec2:CreateNetworkInterface')).toEqual([
      'arn:aws:ec2:eu-central-1:*:security-group/sg-1',
      'arn:aws:ec2:eu-central-1:*:subnet/subnet-1',
      'arn:aws:ec2:eu-central-1:123456789012:network-interface/*',
    ]);
    expect(only(stack, 'AWS::IAM::Role').Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
  });

  it('that does not bundle is refused with what esbuild says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'entry-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const entry = join(folder, 'orders.ts');
    await writeFile(entry, "import './no-such-file.ts'; export const handler = () => {};");
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Bundled');
    expect(() => consumerIn(stack, { entry })).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        property: 'entry',
        message: expect.stringMatching(
          /^\[Bundled\/Orders\] entry: is '.*orders\.ts', which esbuild cannot bundle: .*no-such-file/s,
        ),
      }),
    );
  });

  it.each([
    [
      'export const hndler = () => {};',
      {},
      /handler: is 'handler', which '.*orders\.ts' does not export; it exports hndler/,
    ],
    [
      'export const handler = () => {};',
      { handler: 'main' },
      /handler: is 'main', which .* does not export; it exports handler/,
    ],
    [
      "export const handler = async () => { try { await import('@aws-sdk/client-sqs'); } catch {} };",
      {},
      /entry: is '.*', which needs for dead letters what is not installed: @aws-sdk\/client-sqs/,
    ],
  ])('whose file is %j is refused', async (code, props, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'entry-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const entry = join(folder, 'orders.ts');
    await writeFile(entry, code);
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Bundled');
    expect(() => consumerIn(stack, { entry, ...props })).toThrow(message);
  });

  it('has the code of its own file, also beside another one of the same folder', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const stack = new Stack(app, 'Bundled', { env: { region: 'eu-central-1', account: '123456789012' } });
    for (const file of ['charge-orders', 'index-customers']) {
      const entry = fileURLToPath(new URL(`../../../../handlers/${file}.ts`, import.meta.url));
      consumerIn(stack, { entry, consumerGroupId: file }, file);
    }
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    expect(new Set(functions.map(({ Properties }) => Properties.Code.S3Key)).size).toBe(2);
  });

  it('may use the keys of an encrypted table, and of encrypted dead letters', () => {
    const stack = stage();
    const encryptionKey = new Key(stack, 'Key');
    consumerIn(stack, { table: new IdempotencyTable(stack, 'Markers', { encryptionKey }) });
    const kms = statementsOf(Template.fromStack(stack)).filter(({ actions }) => actions[0]?.startsWith('kms'));
    expect(kms).toEqual([
      {
        actions: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: [expect.stringMatching(/^<Key.*\.Arn>$/)],
      },
    ]);
  });
});

describe('the mapping of a consumer', () => {
  it('has, by default, no limits and no reports, and begins with the oldest record', () => {
    expect(mappingOf()).toEqual({
      EventSourceArn: clusterArn,
      FunctionName: attribute('OrdersFunction', 'Arn'),
      Topics: ['orders'],
      BatchSize: 500,
      Enabled: true,
      StartingPosition: 'TRIM_HORIZON',
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'Shop-Orders-A8B1F509' },
    });
  });

  it('has every setting under its own name', () => {
    const all = mappingOf({
      batchSize: 7,
      batchingWindow: Duration.seconds(3),
      startingPosition: { atTimestampMs: 1_700_000_000_000 },
      filters: [FilterCriteria.filter({ value: { kind: FilterRule.isEqual('order') } })],
      provisionedPollers: { minimum: 2, maximum: 4, groupName: 'shop' },
      reportBatchItemFailures: true,
      maximumRetryAttempts: 3,
      maximumRecordAge: Duration.hours(1),
      bisectBatchOnFunctionError: false,
      onFailure: FailureDestination.kafka('orders-failed'),
      mappingLogLevel: 'WARN',
      mappingMetrics: ['EventCount'],
      enabled: false,
      consumerGroupId: 'billing',
    });
    expect(all).toMatchObject({
      BatchSize: 7,
      MaximumBatchingWindowInSeconds: 3,
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: 1_700_000_000,
      FilterCriteria: { Filters: [{ Pattern: '{"value":{"kind":["order"]}}' }] },
      ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 4, PollerGroupName: 'shop' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: { Destination: 'kafka://orders-failed' } },
      LoggingConfig: { SystemLogLevel: 'WARN' },
      MetricsConfig: { Metrics: ['EventCount'] },
      Enabled: false,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'billing' },
    });
  });

  it('in provisioned mode has a poller at least, and all metrics', () => {
    expect(mappingOf({ provisionedPollers: {} })).toMatchObject({
      ProvisionedPollerConfig: { MinimumPollers: 1 },
      MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
    });
  });

  it('has every filter, in their order', () => {
    const filters = ['order', 'refund'].map((kind) =>
      FilterCriteria.filter({ value: { kind: FilterRule.isEqual(kind) } }),
    );
    expect(mappingOf({ filters }).FilterCriteria).toEqual({
      Filters: [{ Pattern: '{"value":{"kind":["order"]}}' }, { Pattern: '{"value":{"kind":["refund"]}}' }],
    });
  });

  it('may have no retry at all, and a window of no time', () => {
    expect(
      mappingOf({ maximumRetryAttempts: 0, provisionedPollers: {}, batchingWindow: Duration.seconds(0) }),
    ).toMatchObject({ MaximumRetryAttempts: 0, MaximumBatchingWindowInSeconds: 0 });
  });

  it('takes AWS at its word that half a second is no setting', () => {
    expect(mappingOf({ batchingWindow: Duration.millis(500) })).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  });

  it('of self-managed brokers has its consumer group in their property', () => {
    const stack = stage();
    const secret = KafkaAuthentication.scram(secretOf(stack));
    consumerIn(stack, {
      source: KafkaSource.selfManaged({ bootstrapServers: ['a.example:9096'], authentication: secret }),
    });
    const mapping = only(stack, 'AWS::Lambda::EventSourceMapping').Properties;
    expect(mapping).toMatchObject({
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['a.example:9096'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'Shop-Orders-A8B1F509' },
    });
    expect(mapping).not.toHaveProperty('AmazonManagedKafkaEventSourceConfig');
  });

  it('is made when the role has its policy, because AWS checks it then', () => {
    const stack = stage();
    consumerIn(stack);
    const { DependsOn } = only(stack, 'AWS::Lambda::EventSourceMapping');
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^OrdersRoleDefaultPolicy/)]));
  });

  it.each([
    [900, {}, /timeout is 900; AWS allows whole seconds from 1 to 840/],
    [20, { lease: Duration.seconds(10) }, /lease is 10000, over a third/],
  ])('has no function whose time-out was set to %i s on its resource', (timeout, props, message) => {
    const stack = stage();
    const resource = consumerIn(stack, props).function.node.defaultChild;
    Object.assign(resource ?? {}, { timeout });
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  it('may not lose its partial responses while the function reports', () => {
    const stack = stage();
    const mapping = mappingIn(stack, {
      provisionedPollers: {},
      reportBatchItemFailures: true,
      failureReporting: 'report',
    });
    mapping.functionResponseTypes = [];
    expect(() => Template.fromStack(stack)).toThrow(/failureReporting is 'report', but the mapping has no/);
  });

  it('leaves raw properties alone that are right, or that only the deployment knows', () => {
    const stack = stage();
    const queue = new Queue(stack, 'Failed');
    const mapping = mappingIn(stack);
    mapping.destinationConfig = { onFailure: { destination: queue.queueArn } };
    mapping.kmsKeyArn = Fn.importValue('key');
    mapping.batchSize = 7;
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      BatchSize: 7,
      KmsKeyArn: { 'Fn::ImportValue': 'key' },
      DestinationConfig: { OnFailure: { Destination: attribute('Failed', 'Arn') } },
    });
  });
});

describe('a consumer without a mapping', () => {
  it('has all the rest, and no alarm about one', () => {
    const stack = stage();
    const consumer = consumerIn(stack, { eventSourceMapping: 'none' });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    expect(consumer.mapping).toBeUndefined();
    expect(
      [...(consumer.alarms?.alarms.keys() ?? [])].filter((name) => /^not|polling|dropped|batches/i.test(name)),
    ).toEqual([]);
    expect(() => consumer.metrics.metricMapping('PolledEventCount')).toThrow(
      /is a metric of a mapping, and there is none/,
    );
  });
});

describe('a consumer', () => {
  it('keeps its namespace and group when its function is replaced, and has others in another place', () => {
    const first = consumerIn(stage());
    const second = consumerIn(stage('Other'), {}, 'Billing');
    expect(first).toMatchObject({ namespace: 'Shop-Orders-A8B1F509', consumerGroupId: 'Shop-Orders-A8B1F509' });
    expect(second).toMatchObject({ namespace: expect.stringMatching(/^Other-Billing-[0-9A-F]{8}$/) });
    expect(consumerIn(stage(), { namespace: 'billing' })).toMatchObject({
      namespace: 'billing',
      consumerGroupId: 'billing',
    });
  });

  it('keeps the names that it has had, also where they are cut for their length', () => {
    const long = 'OrdersOfEveryCustomerOfTheShopAndOfItsPartnersInEveryCountryOfTheUnion';
    const stack = stage('ShopOfTheProductionEnvironmentInFrankfurt');
    const made = consumerIn(stack, {}, long);
    expect(made.namespace).toBe(
      'ShopOfTheProductionEnvironmentInFrankfurt-OrdeeShopAndOfItsPartnersInEveryCountryOfTheUnion-CF82CEFF',
    );
    expect(made.consumerGroupId).toBe(made.namespace);
    expect(environmentOf(stack)).toMatchObject({ KAFKA_ONCE_NAMESPACE: made.namespace });
  });

  it('shares a table where it is given one', () => {
    const stack = stage();
    const table = IdempotencyTable.fromTableName(stack, 'Markers', 'markers-of-all');
    consumerIn(stack, { table });
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(environmentOf(stack)).toMatchObject({ KAFKA_ONCE_TABLE: 'markers-of-all' });
  });

  it('has no queue where none is wanted', () => {
    const stack = stage();
    const consumer = consumerIn(stack, { deadLetters: 'none' });
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
    expect(Object.keys(environmentOf(stack)).filter((name) => name.includes('DEAD_LETTER'))).toEqual([]);
    expect(consumer.deadLetters).toBeUndefined();
  });

  it('has its metrics from where it is told, by whose names they are called', () => {
    const stack = stage();
    const source = { kind: 'powertoolsMetrics', namespace: 'Shop', service: 'orders' } as const;
    const consumer = consumerIn(stack, { metrics: { source } });
    expect(consumer.metric('RecordsHandled')).toMatchObject({
      namespace: 'Shop',
      metricName: 'RecordsHandled',
      dimensions: { service: 'orders' },
    });
    expect(consumer.metricDeadLetters().metricName).toBe('RecordsDeadLettered');
    Template.fromStack(stack).resourceCountIs('AWS::Logs::MetricFilter', 0);
  });

  it.each([
    ['on demand', {}, false],
    ['in provisioned mode', { provisionedPollers: {} }, true],
  ])('%s says so to whoever watches it', (_, props, expected) => {
    expect(consumerIn(stage(), props).metrics.watched.hasProvisionedPollers).toBe(expected);
  });

  it('grants to invoke its function, and nothing else', () => {
    const stack = stage();
    const person = new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const consumer = consumerIn(stack);
    consumer.grantInvoke(person);
    const arn = attribute('OrdersFunction', 'Arn');
    expect(only(stack, 'AWS::IAM::Policy', 'Person').Properties.PolicyDocument).toEqual({
      Statement: [
        {
          Action: 'lambda:InvokeFunction',
          Effect: 'Allow',
          Resource: [arn, { 'Fn::Join': ['', [arn, ':*']] }],
        },
      ],
      Version: '2012-10-17',
    });
  });

  it('grants to take its dead letters, and to be granted what its handler needs', () => {
    const stack = stage();
    const consumer = consumerIn(stack);
    const person = new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    consumer.grantTakeDeadLetters(person);
    new Key(stack, 'Key').grantEncrypt(consumer);
    const actions = statementsOf(Template.fromStack(stack)).flatMap((statement) => statement.actions);
    expect(actions).toEqual(
      expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 's3:GetObject', 'kms:Encrypt']),
    );
  });
});

function mappingIn(stack: Stack, props: Partial<KafkaConsumerProps> = {}): CfnEventSourceMapping {
  const { mapping } = consumerIn(stack, props);
  if (mapping === undefined) throw new Error('there is no mapping');
  return mapping;
}

function queueOf(stack: Stack) {
  return Queue.fromQueueArn(stack, 'Given', 'arn:aws:sqs:eu-central-1:123456789012:letters');
}

function secretOf(stack: Stack) {
  return Secret.fromSecretCompleteArn(
    stack,
    'Secret',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:brokers-AbCdEf',
  );
}
