import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors/errors.ts';
import type { EventSourceMappingSettings } from '../../../lib/core/esm/settings.ts';
import { mappingSettings } from '../../../lib/local/esm/mapping-settings.ts';
import { type EventSourceMappingOptions, startEventSourceMapping } from '../../../lib/local/index.ts';

const provisionedPollers = { minimum: 1 };

describe('the local event source mapping', () => {
  const missing: EventSourceMappingSettings[] = [
    { maximumRecordAgeSeconds: 60, provisionedPollers },
    { bisectBatchOnFunctionError: true, provisionedPollers },
    { onFailure: { kind: 's3' } },
    { filters: ['{"value":{"status":["paid"]}}'] },
    { schemaRegistry: true, provisionedPollers },
  ];
  it.each(missing)('says that it does not imitate %j', (settings) => {
    const [property = ''] = Object.keys(settings);
    expect(() => mappingSettings(settings)).toThrow(ConfigurationError);
    expect(() => mappingSettings(settings)).toThrow(
      new RegExp(`^${property}: the local event source mapping does not imitate .* yet`),
    );
  });

  it('tells all that it does not imitate at once', () => {
    const both = { onFailure: { kind: 's3' }, filters: ['{}'] } as const;
    expect(() => mappingSettings(both)).toThrow(/^onFailure: .*\nfilters: the local/);
  });

  const harmless: EventSourceMappingSettings[] = [
    { maximumRecordAgeSeconds: -1, bisectBatchOnFunctionError: false, filters: [], schemaRegistry: false },
    { provisionedPollers: {} },
    { provisionedPollers: { minimum: 2, maximum: 5, groupName: 'all' } },
    { provisionedPollers, logLevel: 'DEBUG', metrics: ['EventCount'] },
    { provisionedPollers, maximumRetryAttempts: 2, functionResponseTypes: ['ReportBatchItemFailures'] },
  ];
  it.each(harmless)('takes %j', (settings) => {
    expect(mappingSettings(settings)).toMatchObject({ batchSize: 100 });
  });

  it('looks at the topic and the group that it is to read, and at the time-out of the function, before it connects', async () => {
    const start = (options: Partial<EventSourceMappingOptions>, timeoutSeconds = 3): Promise<unknown> =>
      startEventSourceMapping({
        brokers: ['localhost:1'],
        topic: 'orders',
        consumerGroupId: 'group',
        function: { timeoutSeconds, invoke: () => Promise.reject(new Error('not invoked')) },
        ...options,
      });
    await expect(start({ topic: '.orders', settings: { topic: 'orders' } })).rejects.toThrow('topic: is .orders;');
    await expect(start({ consumerGroupId: 'my group' })).rejects.toThrow('consumerGroupId: is my group;');
    await expect(start({}, 900)).rejects.toThrow('functionTimeoutSeconds: is 900;');
    await expect(start({ settings: { functionResponseTypes: ['ReportBatchItemFailures'] } })).rejects.toThrow(
      'functionResponseTypes: needs provisioned mode',
    );
  });
});
