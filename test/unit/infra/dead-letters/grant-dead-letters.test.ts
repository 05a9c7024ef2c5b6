import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters, type DeadLetterTargets } from '../../../../infra/dead-letters/dead-letters.ts';
import { grantSendDeadLetters, grantTakeDeadLetters } from '../../../../infra/dead-letters/grant-dead-letters.ts';
import { stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

const arnOfKey = (name: string) => `arn:aws:kms:eu-central-1:123456789012:key/${name}`;
const keyOf = (stack: Stack, name: string): IKey => Key.fromKeyArn(stack, name, arnOfKey(name));
const queueArn = expect.stringMatching(/^<Letters\w*\.Arn>$/);
const objectsArn = expect.stringMatching(/^<(Overflow|LettersBucket)\w*\.Arn>\/\*$/);

const twoKeys = (stack: Stack): DeadLetterTargets => ({
  queue: new Queue(stack, 'Letters', {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: keyOf(stack, 'of-queue'),
  }),
  bucket: new Bucket(stack, 'Overflow', {
    encryption: BucketEncryption.KMS,
    encryptionKey: keyOf(stack, 'of-bucket'),
  }),
});
const noKeys = (stack: Stack): DeadLetterTargets => ({
  queue: new Queue(stack, 'Letters'),
  bucket: new Bucket(stack, 'Overflow'),
});
const queueOnly = (stack: Stack): DeadLetterTargets => ({ queue: new Queue(stack, 'Letters') });
const oneKey = (stack: Stack): DeadLetterTargets =>
  new DeadLetters(stack, 'Letters', { encryptionKey: keyOf(stack, 'of-both') });

function granted(targetsIn: (stack: Stack) => DeadLetterTargets, grant: typeof grantSendDeadLetters) {
  const stack = stage();
  const targets = targetsIn(stack);
  grant(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), targets);
  return statementsOf(Template.fromStack(stack));
}

describe('grantSendDeadLetters', () => {
  const send = { actions: ['sqs:SendMessage'], resources: [queueArn] };
  const put = { actions: ['s3:PutObject'], resources: [objectsArn] };
  const encrypt = (name: string) => ({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [arnOfKey(name)],
  });

  it.each([
    ['queue and bucket', noKeys, [send, put]],
    ['a queue without a bucket', queueOnly, [send]],
    ['the key of each', twoKeys, [send, encrypt('of-queue'), put, encrypt('of-bucket')]],
    ['the one key of both', oneKey, [send, encrypt('of-both'), put]],
  ])('grants to put letters there, and nothing else: %s', (_, targetsIn, statements) => {
    expect(granted(targetsIn, grantSendDeadLetters)).toEqual(statements);
  });
});

describe('grantTakeDeadLetters', () => {
  const take = {
    actions: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ],
    resources: [queueArn],
  };
  const get = { actions: ['s3:DeleteObject', 's3:GetObject'], resources: [objectsArn] };
  const decrypt = (name: string) => ({ actions: ['kms:Decrypt'], resources: [arnOfKey(name)] });

  it.each([
    ['queue and bucket', noKeys, [take, get]],
    ['a queue without a bucket', queueOnly, [take]],
    ['the key of each', twoKeys, [take, decrypt('of-queue'), get, decrypt('of-bucket')]],
    ['the one key of both', oneKey, [take, decrypt('of-both'), get]],
  ])('grants to look at letters and to delete message and object, and nothing else: %s', (_, targetsIn, statements) => {
    expect(granted(targetsIn, grantTakeDeadLetters)).toEqual(statements);
  });
});
