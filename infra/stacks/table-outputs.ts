import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** An output for each table, with the name given. */
export function tableOutputs(scope: Construct, tables: Readonly<Record<string, { readonly tableName: string }>>): void {
  for (const [name, { tableName }] of Object.entries(tables)) new CfnOutput(scope, name, { value: tableName });
}
