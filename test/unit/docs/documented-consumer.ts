import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import {
  FailureDestination,
  IdempotencyTable,
  KafkaAuthentication,
  type KafkaConsumer,
  type KafkaConsumerProps,
  KafkaSource,
  type MskAuthentication,
  type SelfManagedSourceProps,
} from '../../../infra/index.ts';
import { consumerIn } from '../infra/consumer/staged-consumer.ts';
import { names } from './documented-names.ts';

const arn = (service: string, name: string): string => `arn:aws:${service}:${names.REGION}:${names.ACCOUNT}:${name}`;
const queueOf = (stack: Stack, queueName: string, keyArn?: string) =>
  Queue.fromQueueAttributes(stack, queueName, {
    queueArn: arn('sqs', queueName),
    ...(keyArn !== undefined && { keyArn }),
  });
const bucketOf = (stack: Stack, bucketName: string, keyArn?: string) =>
  Bucket.fromBucketAttributes(stack, bucketName, {
    bucketName,
    ...(keyArn !== undefined && { encryptionKey: Key.fromKeyArn(stack, `KeyOf${bucketName}`, keyArn) }),
  });
const secretOf = (stack: Stack) => Secret.fromSecretCompleteArn(stack, 'Secret', names.SECRET_ARN);
const ownKey = (stack: Stack) => Key.fromKeyArn(stack, 'KeyOfSecret', names.SECRET_KEY_ARN);
const secretWithKey = (stack: Stack) =>
  Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: names.SECRET_ARN, encryptionKey: ownKey(stack) });

/** Puts the consumer that docs/deploy.md describes into a stack: everything it uses exists, `more` beside it. */
export function documentedConsumer(stack: Stack, more: Partial<KafkaConsumerProps> = {}): KafkaConsumer {
  const { TOPIC: topic, GROUP: consumerGroupId, TABLE, QUEUE, BUCKET } = names;
  return consumerIn(stack, {
    topic,
    consumerGroupId,
    alarms: 'none',
    ...more,
    table: more.table ?? IdempotencyTable.fromTableName(stack, 'Table', TABLE),
    deadLetters: more.deadLetters ?? { queue: queueOf(stack, QUEUE), bucket: bucketOf(stack, BUCKET) },
  });
}

const msk = (authentication: MskAuthentication): KafkaSource =>
  KafkaSource.msk({ clusterArn: names.CLUSTER_ARN, authentication });
const brokers = (props: Omit<SelfManagedSourceProps, 'bootstrapServers'>): KafkaSource =>
  KafkaSource.selfManaged({ bootstrapServers: [names.BROKER_1, names.BROKER_2], ...props });
const placeOf = (stack: Stack) => ({
  vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0a1', availabilityZones: ['a'] }),
  vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'Subnet', names.SUBNET_ID)] },
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', names.SECURITY_GROUP_ID)],
});

type SourceName =
  | 'mskIam'
  | 'mskScram'
  | 'mskMtls'
  | 'scram512'
  | 'scram256'
  | 'plain'
  | 'mtls'
  | 'privateCa'
  | 'inVpc';

/** The sources that the documentation tells apart. */
export const sources: Readonly<Record<SourceName, (stack: Stack) => KafkaSource>> = {
  mskIam: () => msk(KafkaAuthentication.iam()),
  mskScram: (stack: Stack) => msk(KafkaAuthentication.scram(secretWithKey(stack))),
  mskMtls: (stack: Stack) => msk(KafkaAuthentication.mtls(secretOf(stack))),
  scram512: (stack: Stack) => brokers({ authentication: KafkaAuthentication.scram(secretOf(stack)) }),
  scram256: (stack: Stack) =>
    brokers({ authentication: KafkaAuthentication.scram(secretOf(stack), { mechanism: 'SCRAM-SHA-256' }) }),
  plain: (stack: Stack) => brokers({ authentication: KafkaAuthentication.plain(secretOf(stack)) }),
  mtls: (stack: Stack) => brokers({ authentication: KafkaAuthentication.mtls(secretOf(stack)) }),
  privateCa: (stack: Stack) =>
    brokers({
      authentication: KafkaAuthentication.plain(secretOf(stack)),
      rootCa: Secret.fromSecretCompleteArn(stack, 'RootCa', names.ROOT_CA_SECRET_ARN),
    }),
  inVpc: (stack: Stack) => brokers({ authentication: KafkaAuthentication.none(), ...placeOf(stack) }),
};

/** A VPC of the function's own. */
export const functionInVpc = (stack: Stack): Partial<KafkaConsumerProps> => placeOf(stack);

/** The table, queue and bucket with a key of their own each. */
export const withKeys = (stack: Stack): Partial<KafkaConsumerProps> => ({
  table: IdempotencyTable.fromTableName(
    stack,
    'Own',
    names.TABLE,
    Key.fromKeyArn(stack, 'KeyOfTable', names.TABLE_KEY_ARN),
  ),
  deadLetters: {
    queue: queueOf(stack, names.QUEUE, names.QUEUE_KEY_ARN),
    bucket: bucketOf(stack, names.BUCKET, names.BUCKET_KEY_ARN),
  },
});

/** A table that effects are written to, with a key of its own where one is given. */
export const effectTable = (stack: Stack, keyArn?: string): ITable =>
  Table.fromTableAttributes(stack, 'Effects', {
    tableName: names.EFFECT_TABLE,
    ...(keyArn !== undefined && { encryptionKey: Key.fromKeyArn(stack, 'KeyOfEffects', keyArn) }),
  });

type DestinationKind = 'sqs' | 'sns' | 's3' | 'kafka';

/** On-failure destinations, without a key and with one. */
export const destinations: Readonly<Record<DestinationKind, (stack: Stack, keyArn?: string) => FailureDestination>> = {
  sqs: (stack: Stack, keyArn?: string) => FailureDestination.sqs(queueOf(stack, names.FAILED_QUEUE, keyArn)),
  sns: (stack: Stack, keyArn?: string) =>
    FailureDestination.sns(
      Topic.fromTopicAttributes(stack, 'Failed', {
        topicArn: arn('sns', names.FAILED_SNS_TOPIC),
        ...(keyArn !== undefined && { keyArn }),
      }),
    ),
  s3: (stack: Stack, keyArn?: string) => FailureDestination.s3(bucketOf(stack, names.FAILED_BUCKET, keyArn)),
  kafka: () => FailureDestination.kafka(names.FAILED_TOPIC),
};
