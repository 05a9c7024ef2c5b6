import { MetricFilter } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { ConsumerAlarms } from '../../../../infra/watch/consumer-alarms.ts';
import { ConsumerDashboard } from '../../../../infra/watch/consumer-dashboard.ts';
import { ConsumerMetrics, type MetricSource } from '../../../../infra/watch/consumer-metrics.ts';
import type { WatchedConsumer } from '../../../../infra/watch/watched-consumer.ts';
import { watchedStack } from './watched-stack.ts';

/** The dashboard's body as text, with references as their logical IDs, and the metric filters that were made for it. */
function synthesized(changes: Partial<WatchedConsumer> = {}, source?: MetricSource) {
  const { stack, watched, template } = watchedStack(changes);
  const metrics = new ConsumerMetrics(stack, watched, source === undefined ? {} : { source });
  const alarms = new ConsumerAlarms(stack, 'Alarms', { watched, metrics });
  const filtersNow = () => stack.node.findAll().filter((construct) => construct instanceof MetricFilter).length;
  const alarmFilters = filtersNow();
  new ConsumerDashboard(stack, 'Board', { consumers: [{ metrics, alarms }], dashboardName: 'orders' });
  const [dashboard] = Object.values(template().findResources('AWS::CloudWatch::Dashboard'));
  const parts: readonly unknown[] = dashboard?.Properties.DashboardBody['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'ref')).join('');
  const body: { readonly widgets: readonly { readonly type: string; readonly properties: { title?: string } }[] } =
    JSON.parse(text);
  return { text, titles: body.widgets.map(({ properties }) => properties.title), filters: filtersNow(), alarmFilters };
}

describe('ConsumerDashboard', () => {
  it('answers in turn: is it well, does it keep up, what becomes of records, why not', () => {
    const { text, titles } = synthesized();
    expect(titles).toEqual([
      undefined,
      'Alarms',
      'Lag, records',
      'Age of the oldest undone record, s',
      'Event source mapping',
      'Records done',
      'Records to be delivered again',
      'Duration, ms',
      'Invocations',
      'To look into',
      'Business IDs',
      'Dead letters',
      'What to look into, newest first',
    ]);
    for (const metric of ['OffsetLag', 'MaxOffsetLag', 'ProvisionedPollers', 'RecordsHandled', 'LeasesLost']) {
      expect(text, metric).toContain(`"${metric}"`);
    }
    expect(text).toContain('"value":60000');
    expect(text).toContain('message.observation != ');
  });

  it('shares filters with the alarms, and adds six metrics', () => {
    const { filters, alarmFilters } = synthesized();
    expect([alarmFilters, filters]).toEqual([11, 17]);
  });

  it('leaves out what the consumer does not have', () => {
    const { text, titles } = synthesized({ esmMetrics: [], hasProvisionedPollers: false });
    expect(titles).not.toContain('Event source mapping');
    expect(text).not.toContain('EventSourceMappingUUID');
  });

  it('asks for the fields where the Logger of Powertools writes them', () => {
    expect(synthesized({}, { kind: 'powertoolsLogger' }).text).not.toContain('message.');
  });

  it('refuses to be empty', () => {
    expect(() => new ConsumerDashboard(watchedStack().stack, 'Board', { consumers: [] })).toThrow(
      /consumers: is empty/,
    );
  });
});
