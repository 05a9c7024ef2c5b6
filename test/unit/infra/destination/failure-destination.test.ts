import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { FailureDestination } from '../../../../infra/destination/failure-destination.ts';
import { inWords, statementsOf } from '../source/statements.ts';

const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:failed-batches';
const topicArn = 'arn:aws:sns:eu-central-1:123456789012:failed-batches';
const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';

function bindDestination(makeDestination: (stack: Stack) => FailureDestination) {
  const stack = new Stack(new App(), 'Orders', { env: { account: '123456789012', region: 'eu-central-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const binding = makeDestination(stack).bind();
  binding.grant(role);
  return {
    arn: String(inWords(stack.resolve(binding.arn))).replace('<AWS::Partition>', 'aws'),
    setting: binding.setting,
    statements: statementsOf(Template.fromStack(stack)),
  };
}

const importedKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', keyArn);

describe('a queue as failure destination', () => {
  it('may be sent to, and nothing else', () => {
    expect(bindDestination((stack) => FailureDestination.sqs(Queue.fromQueueArn(stack, 'Queue', queueArn)))).toEqual({
      arn: queueArn,
      setting: { kind: 'sqs', fifo: false },
      statements: [{ actions: ['sqs:SendMessage'], resources: [queueArn] }],
    });
  });

  it('is sent to with its key', () => {
    const { arn, statements } = bindDestination((stack) => {
      const encryptionMasterKey = importedKey(stack);
      const queue = new Queue(stack, 'Queue', { encryption: QueueEncryption.KMS, encryptionMasterKey });
      return FailureDestination.sqs(queue);
    });
    expect(statements).toEqual([
      { actions: ['sqs:SendMessage'], resources: [arn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] },
    ]);
  });

  it('is told to be FIFO, which the rules of event source mappings refuse', () => {
    const setting = { kind: 'sqs', fifo: true };
    expect(bindDestination((stack) => FailureDestination.sqs(new Queue(stack, 'Queue', { fifo: true })))).toMatchObject(
      {
        setting,
      },
    );
    expect(
      bindDestination((stack) => FailureDestination.sqs(Queue.fromQueueArn(stack, 'Queue', `${queueArn}.fifo`))),
    ).toMatchObject({ setting });
  });
});

describe('a topic of SNS as failure destination', () => {
  it('may be published to, and nothing else', () => {
    expect(bindDestination((stack) => FailureDestination.sns(Topic.fromTopicArn(stack, 'Topic', topicArn)))).toEqual({
      arn: topicArn,
      setting: { kind: 'sns', fifo: false },
      statements: [{ actions: ['sns:Publish'], resources: [topicArn] }],
    });
  });

  it('is published to with its key', () => {
    const { arn, statements } = bindDestination((stack) =>
      FailureDestination.sns(new Topic(stack, 'Topic', { masterKey: importedKey(stack) })),
    );
    expect(statements).toEqual([
      { actions: ['sns:Publish'], resources: [arn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] },
    ]);
  });

  it('is told to be FIFO', () => {
    const { setting } = bindDestination((stack) => FailureDestination.sns(new Topic(stack, 'Topic', { fifo: true })));
    expect(setting).toEqual({ kind: 'sns', fifo: true });
  });
});

describe('a bucket as failure destination', () => {
  it('may be written to and listed, and nothing else', () => {
    const bucketArn = 'arn:aws:s3:::failed-batches';
    expect(
      bindDestination((stack) => FailureDestination.s3(Bucket.fromBucketName(stack, 'Bucket', 'failed-batches'))),
    ).toEqual({
      arn: bucketArn,
      setting: { kind: 's3' },
      statements: [
        { actions: ['s3:PutObject'], resources: [`${bucketArn}/*`] },
        { actions: ['s3:ListBucket'], resources: [bucketArn] },
      ],
    });
  });

  it('is written to with its key', () => {
    const { arn, statements } = bindDestination((stack) => {
      const encryptionKey = importedKey(stack);
      return FailureDestination.s3(new Bucket(stack, 'Bucket', { encryption: BucketEncryption.KMS, encryptionKey }));
    });
    expect(statements).toEqual([
      { actions: ['s3:PutObject'], resources: [`${arn}/*`] },
      { actions: ['s3:ListBucket'], resources: [arn] },
      { actions: ['kms:GenerateDataKey'], resources: [keyArn] },
    ]);
  });
});

describe('a topic of Kafka as failure destination', () => {
  it('is named by a URI and granted by the source, which knows the cluster', () => {
    expect(bindDestination(() => FailureDestination.kafka('orders-failed'))).toEqual({
      arn: 'kafka://orders-failed',
      setting: { kind: 'kafka', topic: 'orders-failed' },
      statements: [],
    });
  });
});
