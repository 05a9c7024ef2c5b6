import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters } from '../../../../infra/dead-letters/dead-letters.ts';
import { grantSendDeadLetters } from '../../../../infra/dead-letters/grant-dead-letters.ts';
import { only, stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

/** A policy that refuses everybody who comes without TLS. */
const tlsOnly = expect.objectContaining({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

describe('DeadLetters', () => {
  it('keeps letters 14 days in an encrypted standard queue that takes TLS only', () => {
    const stack = stage();
    new DeadLetters(stack, 'Letters');
    const queue = only(stack, 'AWS::SQS::Queue');
    expect(queue.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(queue).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(only(stack, 'AWS::SQS::QueuePolicy').Properties).toMatchObject({
      PolicyDocument: { Statement: expect.arrayContaining([tlsOnly]) },
    });
  });

  it('keeps what is too large in a private, encrypted bucket that takes TLS only', () => {
    const stack = stage();
    new DeadLetters(stack, 'Letters');
    const bucket = only(stack, 'AWS::S3::Bucket');
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(only(stack, 'AWS::S3::BucketPolicy').Properties).toMatchObject({
      PolicyDocument: { Statement: expect.arrayContaining([tlsOnly]) },
    });
  });

  it('can have a key of its own, another retention, and go with its stack', () => {
    const stack = stage();
    const encryptionKey = new Key(stack, 'Key');
    const letters = new DeadLetters(stack, 'Letters', {
      encryptionKey,
      retention: Duration.days(1),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grantSendDeadLetters(role, letters);
    expect(only(stack, 'AWS::SQS::Queue')).toMatchObject({
      Properties: { MessageRetentionPeriod: 86_400, KmsMasterKeyId: expect.anything() },
      DeletionPolicy: 'Delete',
    });
    const actions = statementsOf(Template.fromStack(stack)).flatMap((statement) => statement.actions);
    expect(actions).toEqual(expect.arrayContaining(['sqs:SendMessage', 's3:PutObject', 'kms:GenerateDataKey']));
    expect(actions.filter((action) => /Receive|Get(Object|Queue)/.test(action))).toEqual([]);
  });
});
