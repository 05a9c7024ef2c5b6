import { Template } from 'aws-cdk-lib/assertions';
import {
  EventRecordFormat,
  KafkaSchemaRegistryAccessConfigType,
  KafkaSchemaValidationAttribute,
} from 'aws-cdk-lib/aws-lambda';
import { ConfluentSchemaRegistry, GlueSchemaRegistry } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { KafkaConsumer, KafkaConsumerProps } from '../../../infra/index.ts';
import { type Mode, modes } from '../../../lib/handler/options/mode-rules.ts';
import { stage } from '../infra/consumer/staged-consumer.ts';
import { statementsOf } from '../infra/source/statements.ts';
import {
  destinations,
  documentedConsumer,
  effectTable,
  functionInVpc,
  sources,
  withKeys,
} from './documented-consumer.ts';
import { names, withValues } from './documented-names.ts';
import { codeBlocks, codeOf, documentText, section, tableRows } from './markdown.ts';

/** `<action> <resource>`: what a role may do, however it is put into statements. */
type Permissions = ReadonlySet<string>;

const text = section(documentText('docs/deploy.md'), "### The function's role");
const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policy = z.object({
  Version: z.literal('2012-10-17'),
  Statement: z.array(z.strictObject({ Effect: z.literal('Allow'), Action: texts, Resource: texts })),
});
const pairs = (actions: readonly string[], resources: readonly string[]): readonly string[] =>
  actions.flatMap((action) => resources.map((resource) => `${action} ${withValues(resource)}`));

const [everyFunction, everyMsk, mskIam] = codeBlocks(text, 'json').map(
  (block): Permissions =>
    new Set(policy.parse(JSON.parse(block)).Statement.flatMap(({ Action, Resource }) => pairs(Action, Resource))),
);
/** What the table adds for a choice: its row, and those below it that name none. */
const choices = new Map<string, Permissions>();
let choice = '';
for (const [name = '', actions, on] of tableRows(text).slice(2)) {
  if (name !== '') choice = name;
  choices.set(choice, new Set([...(choices.get(choice) ?? []), ...pairs(codeOf(actions), codeOf(on))]));
}

/** What the construct grants to the function's role. */
function granted(
  propsIn: (stack: Stack) => Partial<KafkaConsumerProps>,
  grantMore: (consumer: KafkaConsumer, stack: Stack) => unknown = () => undefined,
): readonly string[] {
  const stack = stage();
  grantMore(documentedConsumer(stack, propsIn(stack)), stack);
  const logGroup = withValues('arn:aws:logs:$REGION:$ACCOUNT:log-group:$LOG_GROUP:*');
  return statementsOf(Template.fromStack(stack)).flatMap(({ actions, resources }) =>
    pairs(
      actions,
      resources.map((resource) =>
        resource
          .replace(/^<OrdersLogs\w+\.Arn>$/, logGroup)
          .replace('<AWS::Region>', names.REGION)
          .replace('<AWS::AccountId>', names.ACCOUNT),
      ),
    ),
  );
}

function documented(blocks: readonly (Permissions | undefined)[], rows: readonly string[]): readonly string[] {
  const parts = [...blocks, ...rows.map((row) => choices.get(row))];
  if (parts.includes(undefined)) throw new Error(`not all in the table: ${rows.join(', ')}`);
  return parts.flatMap((part) => [...(part ?? [])]);
}

const SECRET = 'A secret with credentials';
const KEYED = 'its customer managed key';
const { FAILED_KEY_ARN } = names;
const glue = () =>
  new GlueSchemaRegistry({
    schemaRegistryArn: `arn:aws:glue:${names.REGION}:${names.ACCOUNT}:registry/${names.REGISTRY}`,
    eventRecordFormat: EventRecordFormat.JSON,
    schemaValidationConfigs: [{ attribute: KafkaSchemaValidationAttribute.VALUE }],
  });
const confluent = (stack: Stack) =>
  new ConfluentSchemaRegistry({
    schemaRegistryUri: 'https://registry.example:8081',
    authenticationType: KafkaSchemaRegistryAccessConfigType.BASIC_AUTH,
    secret: Secret.fromSecretCompleteArn(stack, 'Registry', names.SECRET_ARN),
    eventRecordFormat: EventRecordFormat.JSON,
    schemaValidationConfigs: [{ attribute: KafkaSchemaValidationAttribute.VALUE }],
  });

type Case = readonly [
  string,
  (stack: Stack) => Partial<KafkaConsumerProps>,
  readonly (Permissions | undefined)[],
  readonly string[],
];
const forMskIam = [everyFunction, everyMsk, mskIam];
const onIam = (more: (stack: Stack) => Partial<KafkaConsumerProps>) => (stack: Stack) => ({
  source: sources.mskIam(stack),
  provisionedPollers: {},
  ...more(stack),
});

const cases: readonly Case[] = [
  ['MSK with IAM', onIam(() => ({})), forMskIam, []],
  [
    'MSK with SCRAM',
    (stack) => ({ source: sources.mskScram(stack) }),
    [everyFunction, everyMsk],
    ['MSK with SCRAM', SECRET, `${SECRET}: ${KEYED}`],
  ],
  ['MSK with mTLS', (stack) => ({ source: sources.mskMtls(stack) }), [everyFunction, everyMsk], [SECRET]],
  ['other brokers', (stack) => ({ source: sources.plain(stack) }), [everyFunction], [SECRET]],
  ['a private CA', (stack) => ({ source: sources.privateCa(stack) }), [everyFunction], [SECRET, 'A private CA']],
  [
    'other brokers in a VPC',
    (stack) => ({ source: sources.inVpc(stack) }),
    [everyFunction],
    ['Other brokers in a VPC, or the function in one'],
  ],
  [
    'a function in a VPC',
    (stack) => ({ source: sources.plain(stack), ...functionInVpc(stack) }),
    [everyFunction],
    [SECRET, 'Other brokers in a VPC, or the function in one'],
  ],
  [
    'keys of the user',
    onIam(withKeys),
    forMskIam,
    ['A customer managed key of the table', 'of the dead-letter queue', 'of the bucket'],
  ],
  ['a registry of Glue', onIam(() => ({ schemaRegistry: glue() })), forMskIam, ['A schema registry: Glue']],
  [
    'a registry of Confluent',
    onIam((stack) => ({ schemaRegistry: confluent(stack) })),
    forMskIam,
    ['A schema registry: Confluent'],
  ],
  [
    'a Kafka destination',
    onIam((stack) => ({ onFailure: destinations.kafka(stack) })),
    forMskIam,
    ['An on-failure destination: Kafka, with IAM'],
  ],
  ...(['sqs', 'sns', 's3'] as const).flatMap((kind): readonly Case[] => {
    const row = `An on-failure destination: ${{ sqs: 'SQS', sns: 'SNS', s3: 'S3' }[kind]}`;
    return [
      [`a destination ${kind}`, onIam((stack) => ({ onFailure: destinations[kind](stack) })), forMskIam, [row]],
      [
        `a destination ${kind} with a key`,
        onIam((stack) => ({ onFailure: destinations[kind](stack, FAILED_KEY_ARN) })),
        forMskIam,
        [row, `${row}: ${KEYED}`],
      ],
    ];
  }),
];

const COMMITTING = 'Mode `transaction` or `position`';
const EFFECTS = 'A table that effects are written to';

describe("docs/deploy.md's actions for a role are those that the construct grants:", () => {
  it.each(cases)('%s', (_, propsIn, blocks, rows) => {
    expect([...new Set(granted(propsIn))].sort()).toEqual([...new Set(documented(blocks, rows))].sort());
  });

  const byMode: Readonly<Record<Mode, readonly string[]>> = {
    claim: [],
    mark: [],
    transaction: [COMMITTING],
    position: [COMMITTING],
  };
  it.each(modes)('mode %s', (mode) => {
    const actions = granted(onIam(() => ({ mode })));
    expect([...new Set(actions)].sort()).toEqual([...new Set(documented(forMskIam, byMode[mode]))].sort());
  });

  it.each([
    ['effects', undefined, [EFFECTS]],
    ['effects, with a key', names.EFFECT_KEY_ARN, [EFFECTS, `${EFFECTS}: ${KEYED}`]],
  ])('%s', (_, keyArn, rows) => {
    const actions = granted(
      onIam(() => ({ mode: 'transaction' })),
      (consumer, stack) => consumer.grantEffects(effectTable(stack, keyArn)),
    );
    expect([...new Set(actions)].sort()).toEqual([...new Set(documented(forMskIam, [COMMITTING, ...rows]))].sort());
  });

  it('and each row of the table is compared', () => {
    const more = [COMMITTING, EFFECTS, `${EFFECTS}: ${KEYED}`];
    const compared = new Set([...cases.flatMap(([, , , rows]) => rows), ...more]);
    expect([...choices.keys()].filter((row) => !compared.has(row))).toEqual([]);
  });
});
