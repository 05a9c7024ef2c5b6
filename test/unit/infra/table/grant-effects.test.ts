import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import type { KafkaConsumer } from '../../../../infra/index.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import type { Mode } from '../../../../lib/handler/options/mode-rules.ts';
import { consumerIn, stage } from '../consumer/staged-consumer.ts';
import { statementsOf } from '../source/statements.ts';

type EffectTable = Parameters<KafkaConsumer['grantEffects']>[0];

const arnIn = (place: string) => `arn:aws:dynamodb:${place}:table/balances`;
const near = arnIn('eu-central-1:123456789012');
const keyArn = 'arn:aws:kms:eu-central-1:123456789012:key/of-balances';
const actions = ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const partitionKey = { name: 'id', type: AttributeType.STRING };

/** What the role may do more than before. */
function granted(tableIn: (stack: Stack) => EffectTable, mode: Mode = 'transaction'): readonly unknown[] {
  const roleOf = (withEffects: boolean) => {
    const stack = stage();
    const consumer = consumerIn(stack, { mode });
    const table = tableIn(stack);
    if (withEffects) consumer.grantEffects(table);
    return statementsOf(Template.fromStack(stack));
  };
  const text = (statement: unknown) => JSON.stringify(statement);
  const before = new Set(roleOf(false).map(text));
  return roleOf(true).filter((statement) => !before.has(text(statement)));
}

function refusal(consumer: KafkaConsumer, table: EffectTable): string {
  try {
    consumer.grantEffects(table);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'granted';
}

function farFrom(stack: Stack, env: { readonly region: string; readonly account: string }): readonly EffectTable[] {
  const elsewhere = new Stack(App.of(stack), 'Elsewhere', { env });
  return [Table.fromTableName(elsewhere, 'Imported', 'balances'), new Table(elsewhere, 'Made', { partitionKey })];
}

describe('grantEffects', () => {
  const made = expect.stringMatching(/^<Balances\w*\.Arn>$/);
  const key = {
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [keyArn],
  };
  const tables: readonly (readonly [string, (stack: Stack) => EffectTable, readonly unknown[]])[] = [
    ['its ARN', () => ({ tableArn: near }), [{ actions, resources: [near] }]],
    [
      'a table that is made',
      (stack) => new Table(stack, 'Balances', { partitionKey }),
      [{ actions, resources: [made] }],
    ],
    [
      'a table of the second kind',
      (stack) => new TableV2(stack, 'Balances', { partitionKey }),
      [{ actions, resources: [made] }],
    ],
    [
      'a table with a key',
      (stack) => {
        const encryptionKey = Key.fromKeyArn(stack, 'Key', keyArn);
        return Table.fromTableAttributes(stack, 'Balances', { tableName: 'balances', encryptionKey });
      },
      [{ actions, resources: [near] }, key],
    ],
  ];

  it.each(tables)('grants put, update, delete and check, and nothing else: %s', (_, tableIn, statements) => {
    expect(granted(tableIn)).toEqual(statements);
    expect(granted(tableIn, 'position')).toEqual(statements);
  });

  it.each(['claim', 'mark', undefined] as const)('refuses mode %s, which commits no effects', (mode) => {
    const consumer = consumerIn(stage(), mode === undefined ? {} : { mode });
    expect(refusal(consumer, { tableArn: near })).toMatch(
      new RegExp(`^\\[Shop/Orders\\] mode: is '${mode ?? 'claim'}', whose handler commits no effects`),
    );
  });

  it('refuses the table of the markers', () => {
    const consumer = consumerIn(stage(), { mode: 'position' });
    expect(refusal(consumer, consumer.table)).toMatch(/^\[Shop\/Orders\] table: is that of the markers/);
  });

  it.each([
    ['region', 'us-east-1', { region: 'us-east-1', account: '123456789012' }],
    ['account', '999999999999', { region: 'eu-central-1', account: '999999999999' }],
  ])('refuses a table of another %s, which no transaction reaches', (what, its, env) => {
    const stack = stage();
    const consumer = consumerIn(stack, { mode: 'transaction' });
    const message = new RegExp(`^\\[Shop/Orders\\] table: is in ${what} ${its}, and the function in`);
    expect(refusal(consumer, { tableArn: arnIn(`${env.region}:${env.account}`) })).toMatch(message);
    for (const table of farFrom(stack, env)) expect(refusal(consumer, table)).toMatch(message);
    const anywhere = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Anywhere');
    const other = consumerIn(anywhere, { mode: 'transaction' });
    expect(refusal(other, { tableArn: arnIn(`${env.region}:${env.account}`) })).toBe('granted');
  });

  it('refuses what is no table', () => {
    const consumer = consumerIn(stage(), { mode: 'transaction' });
    const grant: (table: never) => unknown = consumer.grantEffects;
    for (const table of ['balances', undefined, {}]) {
      expect(() => Reflect.apply(grant, consumer, [table])).toThrow(/^\[Shop\/Orders\] table: is no table for effects/);
    }
  });
});
