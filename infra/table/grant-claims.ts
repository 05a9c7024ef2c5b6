import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** What is needed of a table; every table of CDK has it. */
export interface MarkerTable {
  readonly tableArn: string;
  readonly encryptionKey?: IKey | undefined;
}

/** Claims and completions are PartiQL statements; losers are read, and dead letters marked, in batches. No scan, no query. */
const claimActions = [
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
];

/**
 * What DynamoDB asks of those who use a table with a key of one's own, named in full.
 *
 * Source: AWS KMS developer guide, "How Amazon DynamoDB uses AWS KMS", authorizing use of your key.
 */
export const keyActions: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** Grants what a handler in `claim` mode does with the table, and nothing else. */
export function grantClaims(grantee: IGrantable, table: MarkerTable): Grant {
  const grant = Grant.addToPrincipal({ grantee, actions: claimActions, resourceArns: [table.tableArn] });
  return table.encryptionKey === undefined ? grant : grant.combine(table.encryptionKey.grant(grantee, ...keyActions));
}
