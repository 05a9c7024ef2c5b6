import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { grantTakeDeadLetters } from '../../../infra/dead-letters/grant-dead-letters.ts';
import { IdempotencyTable } from '../../../infra/index.ts';
import { stage } from '../infra/consumer/staged-consumer.ts';
import { statementsOf } from '../infra/source/statements.ts';
import { commands, documentText } from './markdown.ts';

/** The action of IAM that each command of the AWS CLI needs. */
const actionOf: Readonly<Record<string, string>> = {
  'aws sqs receive-message': 'sqs:ReceiveMessage',
  'aws sqs delete-message': 'sqs:DeleteMessage',
  'aws sqs change-message-visibility': 'sqs:ChangeMessageVisibility',
  'aws s3 cp': 's3:GetObject',
  'aws s3 rm': 's3:DeleteObject',
  'aws dynamodb get-item': 'dynamodb:GetItem',
  'aws dynamodb delete-item': 'dynamodb:DeleteItem',
};
const run = commands(documentText('docs/dead-letters.md').replaceAll(/^ {3}/gm, ''));
const used = run.map((command) => /aws [\w-]+ [\w-]+/.exec(command)?.[0]).filter((command) => command !== undefined);

describe('docs/dead-letters.md', () => {
  it('has a command for each step: receive, read, delete message and object, release a key', () => {
    expect(new Set(used)).toEqual(new Set(Object.keys(actionOf)));
  });

  it('has no command that the two grants do not allow', () => {
    const stack = stage();
    const role = new Role(stack, 'OnCall', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grantTakeDeadLetters(role, { queue: new Queue(stack, 'Letters'), bucket: new Bucket(stack, 'Overflow') });
    IdempotencyTable.fromTableName(stack, 'Table', 'markers').grantReleases(role);
    const granted = statementsOf(Template.fromStack(stack)).flatMap(({ actions }) => actions);
    expect(granted).toEqual(expect.arrayContaining(used.map((command) => actionOf[command])));
  });
});
