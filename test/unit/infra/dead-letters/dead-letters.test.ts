import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters } from '../../../../infra/dead-letters/dead-letters.ts';
import { only, stage } from '../consumer/staged-consumer.ts';

/** A policy that refuses everybody who comes without TLS. */
const tlsOnly = expect.objectContaining({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** One that refuses everybody who comes with an older TLS than 1.2. */
const newTlsOnly = expect.objectContaining({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 's3:*',
  Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
});

describe('DeadLetters', () => {
  it('keeps letters 14 days in an encrypted standard queue that takes TLS only', () => {
    const stack = stage();
    new DeadLetters(stack, 'Letters');
    const queue = only(stack, 'AWS::SQS::Queue');
    expect(queue.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(queue).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(only(stack, 'AWS::SQS::QueuePolicy').Properties).toMatchObject({
      PolicyDocument: { Statement: expect.arrayContaining([tlsOnly]) },
    });
  });

  it('keeps what is too large in a private, encrypted bucket that takes TLS of 1.2 and newer only', () => {
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
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(only(stack, 'AWS::S3::BucketPolicy').Properties).toMatchObject({
      PolicyDocument: { Statement: expect.arrayContaining([tlsOnly, newTlsOnly]) },
    });
  });

  it('can have a key of its own, another retention, and go with its stack', () => {
    const stack = stage();
    new DeadLetters(stack, 'Letters', {
      encryptionKey: new Key(stack, 'Key'),
      retention: Duration.days(1),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(only(stack, 'AWS::SQS::Queue')).toMatchObject({
      Properties: { MessageRetentionPeriod: 86_400, KmsMasterKeyId: key },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
    expect(only(stack, 'AWS::S3::Bucket')).toMatchObject({
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
            },
          ],
        },
      },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });
});
