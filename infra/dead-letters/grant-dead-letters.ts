import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { DeadLetterTargets } from './dead-letters.ts';

/** What SQS and S3 ask of a writer for a key of one's own. */
const writing = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Grants to put letters there; not to read them back. */
export function grantSendDeadLetters(grantee: IGrantable, { queue, bucket }: DeadLetterTargets): void {
  Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
  queue.encryptionMasterKey?.grant(grantee, ...writing);
  if (bucket === undefined) return;
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [bucket.arnForObjects('*')] });
  bucket.encryptionKey?.grant(grantee, ...writing);
}

/** Grants what a person or a tool needs to look at letters and, when a case is settled, to delete message and object. */
export function grantTakeDeadLetters(grantee: IGrantable, { queue, bucket }: DeadLetterTargets): void {
  queue.grantConsumeMessages(grantee);
  if (bucket === undefined) return;
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:GetObject', 's3:DeleteObject'],
    resourceArns: [bucket.arnForObjects('*')],
  });
  bucket.encryptionKey?.grantDecrypt(grantee);
}
