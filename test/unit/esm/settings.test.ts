import { describe, expect, it } from 'vitest';
import { type EventSourceMappingSettings, resolveSettings, settingsProblems } from '../../../lib/core/esm/settings.ts';

describe('the settings of an event source mapping', () => {
  it("have AWS's defaults", () => {
    expect(resolveSettings({})).toEqual({
      batchSize: 100,
      batchingWindowMs: 500,
      maximumRetryAttempts: -1,
      reportsBatchItemFailures: false,
      startingPosition: 'TRIM_HORIZON',
    });
  });

  const allowed: EventSourceMappingSettings[] = [
    { batchSize: 1 },
    { batchSize: 10_000 },
    { batchingWindowMs: 0 },
    { batchingWindowMs: 500 },
    { batchingWindowMs: 300_000 },
    { maximumRetryAttempts: -1 },
    { maximumRetryAttempts: 0 },
    { maximumRetryAttempts: 10_000 },
    { functionResponseTypes: [] },
    { functionResponseTypes: ['ReportBatchItemFailures'] },
    { functionTimeoutSeconds: 840 },
    { startingPosition: 'LATEST' },
    { startingPosition: { atTimestampMs: 1_790_000_000_000 } },
  ];
  it.each(allowed)('may be %j', (settings) => {
    expect(settingsProblems(settings)).toEqual([]);
  });

  const refused: [string, unknown, string][] = [
    ['batchSize', 0, 'is 0; AWS allows whole numbers from 1 to 10000'],
    ['batchSize', 10_001, 'is 10001; AWS allows whole numbers from 1 to 10000'],
    ['batchSize', '100', 'AWS allows whole numbers from 1 to 10000'],
    ['batchingWindowMs', 501, 'whole seconds from 0 to 300'],
    ['batchingWindowMs', 301_000, 'whole seconds from 0 to 300'],
    ['maximumRetryAttempts', -2, 'is -2; AWS allows -1 (retry for ever) or whole numbers from 0 to 10000'],
    ['maximumRetryAttempts', 1.5, 'whole numbers from 0 to 10000'],
    ['functionResponseTypes', ['reportBatchItemFailures'], "[] or ['ReportBatchItemFailures']"],
    ['functionTimeoutSeconds', 841, '1 to 840 (14 minutes)'],
    ['startingPosition', 'EARLIEST', "'TRIM_HORIZON', 'LATEST'"],
    ['startingPosition', { atTimestampMs: 1.5 }, 'epoch milliseconds'],
    ['batchsize', 100, 'is no setting'],
  ];
  it.each(refused)('may not have %s %j', (property, value, message) => {
    const settings: EventSourceMappingSettings = { [property]: value };
    expect(settingsProblems(settings)).toEqual([{ property, message: expect.stringContaining(message) }]);
    expect(() => resolveSettings(settings)).toThrow(`${property}: `);
  });

  it('list every problem', () => {
    expect(settingsProblems({ batchSize: 0, maximumRetryAttempts: -5 }).map(({ property }) => property)).toEqual([
      'batchSize',
      'maximumRetryAttempts',
    ]);
  });
});
