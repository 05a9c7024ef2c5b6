import { Template } from 'aws-cdk-lib/assertions';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters, FailureDestination, IdempotencyTable, type KafkaConsumerProps } from '../../../../infra/index.ts';
import { type Statement, statementsOf } from '../source/statements.ts';
import { consumerIn, stage } from './staged-consumer.ts';

type PropsIn = (stack: Stack) => Partial<KafkaConsumerProps>;

const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-central-1:123456789012:${name}`;
const keyArn = (name: string) => arnOf('kms', `key/${name}`);
const keyOf = (stack: Stack, name: string): IKey => Key.fromKeyArn(stack, name, keyArn(name));
const member = (kind: string, name: string) =>
  arnOf('kafka', `${kind}/orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2/${name}`);
const clusterArn = arnOf('kafka', 'cluster/orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2');

/** What the function's role may do. */
function roleOf(propsIn: PropsIn): readonly Statement[] {
  const stack = stage();
  consumerIn(stack, propsIn(stack));
  return statementsOf(Template.fromStack(stack));
}

/** What it may do beside a consumer that has neither dead letters nor a failure destination. */
function added(propsIn: PropsIn): readonly Statement[] {
  const text = (statement: Statement) => JSON.stringify(statement);
  const without = new Set(roleOf(() => ({ deadLetters: 'none' })).map(text));
  return roleOf((stack) => ({ deadLetters: 'none', ...propsIn(stack) })).filter(
    (statement) => !without.has(text(statement)),
  );
}

describe('the role of a consumer with a failure destination', () => {
  const encrypt = { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn('of-failed')] };
  const failed = expect.stringMatching(/^<Failed\w+(\.Arn)?>$/);
  const provisionedPollers = {};
  const destinations: readonly (readonly [string, PropsIn, readonly unknown[]])[] = [
    [
      'may send to the queue',
      (stack) => ({ onFailure: FailureDestination.sqs(Queue.fromQueueArn(stack, 'Failed', arnOf('sqs', 'failed'))) }),
      [{ actions: ['sqs:SendMessage'], resources: [arnOf('sqs', 'failed')] }],
    ],
    [
      'may send to the queue with its key',
      (stack) => {
        const encryptionMasterKey = keyOf(stack, 'of-failed');
        const queue = new Queue(stack, 'Failed', { encryption: QueueEncryption.KMS, encryptionMasterKey });
        return { onFailure: FailureDestination.sqs(queue) };
      },
      [{ actions: ['sqs:SendMessage'], resources: [failed] }, encrypt],
    ],
    [
      'may publish to the topic of SNS',
      (stack) => ({ onFailure: FailureDestination.sns(Topic.fromTopicArn(stack, 'Failed', arnOf('sns', 'failed'))) }),
      [{ actions: ['sns:Publish'], resources: [arnOf('sns', 'failed')] }],
    ],
    [
      'may publish to the topic of SNS with its key',
      (stack) => ({
        onFailure: FailureDestination.sns(new Topic(stack, 'Failed', { masterKey: keyOf(stack, 'of-failed') })),
      }),
      [{ actions: ['sns:Publish'], resources: [failed] }, encrypt],
    ],
    [
      'may write to the bucket and list it',
      (stack) => ({ onFailure: FailureDestination.s3(Bucket.fromBucketName(stack, 'Failed', 'failed-batches')) }),
      [
        { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::failed-batches/*'] },
        { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::failed-batches'] },
      ],
    ],
    [
      'may write to the topic of its cluster',
      () => ({ onFailure: FailureDestination.kafka('orders-failed') }),
      [
        { actions: ['kafka-cluster:DescribeCluster'], resources: [clusterArn] },
        {
          actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData', 'kafka-cluster:WriteData'],
          resources: [member('topic', 'orders-failed')],
        },
      ],
    ],
  ];

  it.each(destinations)('%s, and nothing else', (_, propsIn, statements) => {
    expect(added((stack) => ({ provisionedPollers, ...propsIn(stack) }))).toEqual(statements);
  });
});

describe('the role of a consumer with dead letters', () => {
  const send = { actions: ['sqs:SendMessage'], resources: [arnOf('sqs', 'letters')] };
  const queueOf = (stack: Stack) => Queue.fromQueueArn(stack, 'Letters', arnOf('sqs', 'letters'));
  const encrypt = (name: string) => ({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn(name)] });
  const places: readonly (readonly [string, PropsIn, readonly unknown[]])[] = [
    ["in the user's own queue", (stack) => ({ deadLetters: { queue: queueOf(stack) } }), [send]],
    [
      "in the user's own queue and bucket",
      (stack) => ({
        deadLetters: { queue: queueOf(stack), bucket: Bucket.fromBucketName(stack, 'Overflow', 'large-letters') },
      }),
      [send, { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::large-letters/*'] }],
    ],
    [
      'in a queue and a bucket that have a key each',
      (stack) => ({
        deadLetters: {
          queue: new Queue(stack, 'Letters', {
            encryption: QueueEncryption.KMS,
            encryptionMasterKey: keyOf(stack, 'of-queue'),
          }),
          bucket: new Bucket(stack, 'Overflow', {
            encryption: BucketEncryption.KMS,
            encryptionKey: keyOf(stack, 'of-bucket'),
          }),
        },
      }),
      [
        { actions: ['sqs:SendMessage'], resources: [expect.stringMatching(/^<Letters\w+\.Arn>$/)] },
        encrypt('of-queue'),
        { actions: ['s3:PutObject'], resources: [expect.stringMatching(/^<Overflow\w+\.Arn>\/\*$/)] },
        encrypt('of-bucket'),
      ],
    ],
    [
      'that several consumers share',
      (stack) => ({ deadLetters: new DeadLetters(stack, 'Shared', { encryptionKey: keyOf(stack, 'of-both') }) }),
      [
        { actions: ['sqs:SendMessage'], resources: [expect.stringMatching(/^<SharedQueue\w+\.Arn>$/)] },
        encrypt('of-both'),
        { actions: ['s3:PutObject'], resources: [expect.stringMatching(/^<SharedBucket\w+\.Arn>\/\*$/)] },
      ],
    ],
  ];

  it.each(places)('%s may put them there, and nothing else', (_, propsIn, statements) => {
    expect(added(propsIn)).toEqual(statements);
  });
});

it('the role of a consumer may use a table that exists, with its key', () => {
  const statements = roleOf((stack) => ({
    table: IdempotencyTable.fromTableName(stack, 'Markers', 'markers', keyOf(stack, 'of-table')),
  }));
  expect(statements.filter(({ actions }) => /^(dynamodb|kms)/.test(actions[0] ?? ''))).toEqual([
    {
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:PartiQLDelete',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
      ],
      resources: [arnOf('dynamodb', 'table/markers')],
    },
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
      resources: [keyArn('of-table')],
    },
  ]);
});
