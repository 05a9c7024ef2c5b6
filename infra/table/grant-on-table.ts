import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** What is needed of a table; every table of CDK has it. */
export interface GrantableTable {
  readonly tableArn: string;
  readonly encryptionKey?: IKey | undefined;
}

/**
 * What DynamoDB asks of those who use a table with a key of one's own, named in full.
 *
 * Source: AWS KMS developer guide, "How Amazon DynamoDB uses AWS KMS", authorizing use of your key.
 */
const keyActions: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** Grants actions on a table, with the use of its key. */
export function grantOnTable(grantee: IGrantable, table: GrantableTable, actions: readonly string[]): Grant {
  const grant = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [table.tableArn] });
  return table.encryptionKey === undefined ? grant : grant.combine(table.encryptionKey.grant(grantee, ...keyActions));
}
