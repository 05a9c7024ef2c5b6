import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ResourceEnvironment, Token } from 'aws-cdk-lib/core';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import type { Mode } from '../../lib/handler/options/mode-rules.ts';
import { type GrantableTable, grantOnTable } from './grant-on-table.ts';

/** A table that effects are written to: any table of CDK's, or `{ tableArn }`, with its customer managed key if it has one. */
export interface EffectTable extends GrantableTable {
  readonly env?: ResourceEnvironment;
}

/** Who writes effects, as far as it decides on which tables it can. */
export interface EffectWriter extends IGrantable {
  readonly mode: Mode;
  readonly env: ResourceEnvironment;
  /** The table of its markers or positions. */
  readonly markers: GrantableTable;
}

/** One action for each kind of effect: put, update, delete, check. Reading is the handler's own. */
const effectActions = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'];

/**
 * Grants what effects do with a table, and nothing else.
 *
 * @throws ConfigurationError for a mode without effects, and for a table on which effects are refused.
 */
export function grantEffects(writer: EffectWriter, table: EffectTable): Grant {
  refuseProblems(typeof table?.tableArn === 'string' ? effectProblems(writer, table) : [noTable]);
  return grantOnTable(writer, table, effectActions);
}

const noTable: SettingsProblem = {
  property: 'table',
  message: "is no table for effects; give a table of CDK's, or { tableArn }",
};

function effectProblems({ mode, env, markers }: EffectWriter, table: EffectTable): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (mode !== 'transaction' && mode !== 'position') {
    const message = `is '${mode}', whose handler commits no effects: set it to 'transaction' or 'position', as in the handler's code, or grant its own writes with the table's methods`;
    problems.push({ property: 'mode', message });
  }
  if (table.tableArn === markers.tableArn) {
    const message = 'is that of the markers, on which the handler refuses effects; give another one';
    problems.push({ property: 'table', message });
  }
  const its = placeOf(table);
  for (const place of ['region', 'account'] as const) {
    if (!differ(its[place], env[place])) continue;
    const message = `is in ${place} ${its[place]}, and the function in ${env[place]}: a transaction reaches tables of one account and Region only`;
    problems.push({ property: 'table', message });
  }
  return problems;
}

function placeOf({ env, tableArn }: EffectTable): Partial<ResourceEnvironment> {
  if (Token.isUnresolved(tableArn)) return env ?? {};
  const [, , , region, account] = tableArn.split(':');
  return { ...(region !== undefined && { region }), ...(account !== undefined && { account }) };
}

/** Both are known, and not the same. */
function differ(one: string | undefined, other: string): boolean {
  return one !== undefined && ![one, other].some((each) => Token.isUnresolved(each)) && one !== other;
}
