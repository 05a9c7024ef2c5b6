import { type ISecurityGroup, type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';

/** What the consumers of the matrix are given: things of the user's own, most of them imported. */
export const account = '123456789012';
export const region = 'eu-central-1';

/** A customer managed key of the stack. */
export function keyOf(stack: Stack): IKey {
  const made = stack.node.tryFindChild('Key');
  return made instanceof Key ? made : new Key(stack, 'Key', { enableKeyRotation: true });
}

/** A secret with a key of its own, as MSK wants them for SCRAM. */
export function secretOf(stack: Stack, id: string): ISecret {
  return Secret.fromSecretAttributes(stack, id, {
    secretCompleteArn: `arn:aws:secretsmanager:${region}:${account}:secret:AmazonMSK_${id}-AbCdEf`,
    encryptionKey: Key.fromKeyArn(
      stack,
      `${id}Key`,
      `arn:aws:kms:${region}:${account}:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1`,
    ),
  });
}

export function network(stack: Stack): { readonly vpc: IVpc; readonly securityGroups: readonly ISecurityGroup[] } {
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    availabilityZones: [`${region}a`, `${region}b`],
    privateSubnetIds: ['subnet-0a1b2c3d4e5f67890', 'subnet-0b1c2d3e4f5a67890'],
    privateSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f67890', 'rtb-0b1c2d3e4f5a67890'],
  });
  return { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0a1b2c3d4e5f67890')] };
}

export function queueOf(stack: Stack): Queue {
  const encryption = { encryption: QueueEncryption.KMS, encryptionMasterKey: keyOf(stack) };
  return new Queue(stack, 'Failures', { ...encryption, enforceSSL: true });
}

export function topicOf(stack: Stack): Topic {
  return new Topic(stack, 'Failures', { masterKey: keyOf(stack), enforceSSL: true });
}

export function bucketOf(stack: Stack): Bucket {
  return new Bucket(stack, 'Failures', {
    encryption: BucketEncryption.KMS,
    encryptionKey: keyOf(stack),
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  });
}
