import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { keyActions, type MarkerTable } from './grant-claims.ts';

/** Grants to look at a marker and to delete it: what it closed is handled again. */
export function grantReleases(grantee: IGrantable, table: MarkerTable): Grant {
  const actions = ['dynamodb:GetItem', 'dynamodb:DeleteItem'];
  const grant = Grant.addToPrincipal({ grantee, actions, resourceArns: [table.tableArn] });
  return table.encryptionKey === undefined ? grant : grant.combine(table.encryptionKey.grant(grantee, ...keyActions));
}
