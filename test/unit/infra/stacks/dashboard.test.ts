import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inWords } from '../source/statements.ts';
import { contexts, synthesis } from './synthesis.ts';

const { consumers } = synthesis({ ...contexts['MSK, IAM'], provisionedPollers: '1' });
const idOf = (type: string, beginning: string): string =>
  Object.keys(consumers.findResources(type)).find((id) => id.startsWith(beginning)) ?? `no ${type} of ${beginning}`;

const option = z.object({ stat: z.string(), yAxis: z.string().default('left'), label: z.string().optional() });
const widget = z.object({
  type: z.string(),
  properties: z.object({
    title: z.string().optional(),
    markdown: z.string().optional(),
    alarms: z.array(z.string()).optional(),
    metrics: z.array(z.array(z.union([z.string(), option]))).optional(),
    query: z.string().optional(),
    stacked: z.boolean().optional(),
    annotations: z.unknown().optional(),
  }),
});
const [dashboard] = Object.values(consumers.findResources('AWS::CloudWatch::Dashboard'));
const body = z
  .object({ widgets: z.array(widget) })
  .parse(JSON.parse(String(inWords(dashboard?.Properties.DashboardBody))));

/** A graph's metrics as `<namespace> <name> <dimensions> <statistic> <axis>`. */
const graphed = (metrics: readonly (readonly (string | z.infer<typeof option>)[])[] = []): readonly string[] =>
  metrics.map((parts) =>
    parts.map((part) => (typeof part === 'string' ? part : `${part.stat} ${part.yAxis}`)).join(' '),
  );

describe.each([
  ['ChargeOrders', 'orders', 120_000],
  ['IndexCustomers', 'customers', 60_000],
] as const)('the dashboard shows of %s', (consumer, topic, timeoutMs) => {
  const begins = body.widgets.findIndex(({ properties }) => properties.markdown?.includes(consumer));
  const widgets = body.widgets.slice(begins, begins + 13);
  const titled = (title: string) => widgets.find(({ properties }) => properties.title === title)?.properties;
  const made = `FunctionName <${idOf('AWS::Lambda::Function', consumer)}>`;
  const mapping = `EventSourceMappingUUID <${idOf('AWS::Lambda::EventSourceMapping', consumer)}.Id>`;
  const queue = `QueueName <${idOf('AWS::SQS::Queue', consumer)}.QueueName>`;
  const variables = consumers.findResources('AWS::Lambda::Function')[idOf('AWS::Lambda::Function', consumer)];
  const namespace: string = variables?.Properties.Environment.Variables.KAFKA_ONCE_NAMESPACE;
  const own = (name: string, statistic = 'Sum'): string => `KafkaOnce/${namespace} ${name} ${statistic} left`;

  it('what it is called, what it reads, and where to look', () => {
    expect(widgets[0]).toMatchObject({
      type: 'text',
      properties: {
        markdown: `# ${namespace}\nTopic \`${topic}\`, consumer group \`${namespace}\`. What to do: docs/runbook.md`,
      },
    });
  });

  it('every alarm of it and of no other', () => {
    const alarms = Object.keys(consumers.findResources('AWS::CloudWatch::Alarm')).filter((id) =>
      id.startsWith(`${consumer}Alarms`),
    );
    expect(alarms.length).toBeGreaterThan(10);
    expect(new Set(titled('Alarms')?.alarms)).toEqual(new Set(alarms.map((id) => `<${id}.Arn>`)));
  });

  it.each<[string, readonly string[]]>([
    ['Lag, records', [`AWS/Lambda OffsetLag ${made} Maximum left`, `AWS/Lambda MaxOffsetLag ${mapping} Maximum left`]],
    ['Age of the oldest undone record, s', [own('OldestUndoneAge', 'Maximum')]],
    [
      'Event source mapping',
      [
        ...['PolledEventCount', 'CommittedEventCount', 'DroppedEventCount', 'PollingErrorCount'].map(
          (name) => `AWS/Lambda ${name} ${mapping} Sum left`,
        ),
        `AWS/Lambda ProvisionedPollers ${mapping} Maximum right`,
      ],
    ],
    ['Records done', ['RecordsHandled', 'RecordsDuplicate', 'DeadLetters'].map((name) => own(name))],
    [
      'Records to be delivered again',
      ['RecordsFailed', 'RecordsBusy', 'RecordsHeldBack', 'RecordsNotAttempted'].map((name) => own(name)),
    ],
    ['Duration, ms', ['p50', 'p99', 'Maximum'].map((statistic) => `AWS/Lambda Duration ${made} ${statistic} left`)],
    ['Invocations', ['Invocations', 'Errors', 'Throttles'].map((name) => `AWS/Lambda ${name} ${made} Sum left`)],
    [
      'To look into',
      [
        ...['StoreFailures', 'LeaseTakeovers', 'LeasesLost', 'HandlersUnsettled'].map((name) => own(name)),
        ...['DeadLetterFailures', 'HandledUnprotected'].map((name) => own(name)),
      ],
    ],
    ['Business IDs', ['FallbackKeys', 'FingerprintMismatches'].map((name) => own(name))],
    [
      'Dead letters',
      [
        `AWS/SQS ApproximateNumberOfMessagesVisible ${queue} Maximum left`,
        `AWS/SQS ApproximateAgeOfOldestMessage ${queue} Maximum right`,
      ],
    ],
  ])('in the graph "%s"', (title, expected) => {
    expect(graphed(titled(title)?.metrics)).toEqual(expected);
  });

  it('counts of records on top of each other, and durations under the time-out', () => {
    const stacked = widgets.filter(({ properties }) => properties.stacked === true);
    expect(stacked.map(({ properties }) => properties.title)).toEqual([
      'Records done',
      'Records to be delivered again',
    ]);
    expect(titled('Duration, ms')?.annotations).toEqual({
      horizontal: [{ value: timeoutMs, label: 'Time-out', yAxis: 'left' }],
    });
  });

  it('the warnings and errors of its log, newest first', () => {
    const fields = ['observation', 'topic', 'partition', 'offset', 'errorName', 'reason', 'detail'];
    expect(titled('What to look into, newest first')?.query?.split('\n')).toEqual([
      `SOURCE '<${idOf('AWS::Logs::LogGroup', consumer)}>' | fields @timestamp, level, ${fields.map((name) => `message.${name} as ${name}`).join(', ')}`,
      '| filter level in ["WARN", "ERROR"] and message.observation != "invocationEnded"',
      '| sort @timestamp desc',
      '| limit 50',
    ]);
  });
});

it('the dashboard shows nothing else', () => {
  expect(body.widgets).toHaveLength(26);
});
