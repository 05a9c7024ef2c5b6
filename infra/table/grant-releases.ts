import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type GrantableTable, grantOnTable } from './grant-on-table.ts';

/** Grants to look at a marker and to delete it: what it closed is handled again. */
export function grantReleases(grantee: IGrantable, table: GrantableTable): Grant {
  return grantOnTable(grantee, table, ['dynamodb:GetItem', 'dynamodb:DeleteItem']);
}
