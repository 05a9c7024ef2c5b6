import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Mode } from '../../lib/handler/options/mode-rules.ts';
import { type GrantableTable, grantOnTable } from './grant-on-table.ts';

/**
 * What every mode does. Claims and completions, and marks, are PartiQL statements; markers and positions are read, and dead
 * letters and held keys marked, in batches. Modes without claims claim what failed. No scan, no query.
 */
const inEveryMode = [
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
] as const;

/** A transaction puts its markers, or its positions; AWS asks for the actions of what is in it. */
const byTransaction = [...inEveryMode, 'dynamodb:PutItem'] as const;

const actionsOf: Readonly<Record<Mode, readonly string[]>> = {
  claim: inEveryMode,
  mark: inEveryMode,
  transaction: byTransaction,
  position: byTransaction,
};

/** Grants what a handler in a mode does with the table of its markers, and nothing else. */
export function grantMarkers(grantee: IGrantable, table: GrantableTable, mode: Mode): Grant {
  return grantOnTable(grantee, table, actionsOf[mode]);
}
