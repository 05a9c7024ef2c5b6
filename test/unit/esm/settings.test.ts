import { describe, expect, it } from 'vitest';
import {
  type EventSourceMappingSettings,
  resolveSettings,
  settingsProblems,
  settingsWarnings,
} from '../../../lib/core/esm/settings.ts';

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
    { provisionedPollers: {}, maximumRetryAttempts: 0 },
    { provisionedPollers: {}, maximumRetryAttempts: 10_000 },
    { functionResponseTypes: [] },
    { provisionedPollers: {}, functionResponseTypes: ['ReportBatchItemFailures'] },
    { functionTimeoutSeconds: 840 },
    { startingPosition: 'LATEST' },
    { startingPosition: { atTimestampMs: 1_790_000_000_000 } },
  ];
  it.each(allowed)('may be %j', (settings) => {
    expect(settingsProblems(settings)).toEqual([]);
  });

  const refused: [string, unknown, string, string?][] = [
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
    ['maximumRecordAgeSeconds', 0, '-1 (no limit) or whole seconds from 60 to 604800'],
    ['bisectBatchOnFunctionError', 'no', 'true or false'],
    ['schemaRegistry', {}, 'true or false'],
    ['logLevel', 'ERROR', 'DEBUG, INFO or WARN'],
    ['metrics', ['EventCount', 'EventCount'], 'at most once'],
    ['metrics', ['OffsetLag'], 'each of EventCount, ErrorCount and KafkaMetrics'],
    ['onFailure', { kind: 'kinesis' }, 'sqs, sns, s3 and kafka'],
    ['onFailure', 'kafka://failed', 'sqs, sns, s3 and kafka'],
    ['onFailure.topic', { kind: 'kafka' }, '1 to 249 letters', 'onFailure'],
    ['provisionedPollers', true, '{ minimum, maximum, groupName }'],
    ['provisionedPollers.min', { min: 1 }, 'is no setting of the pollers', 'provisionedPollers'],
    ['filters', '{}', 'a list of patterns'],
    ['filters[0]', [{ value: ['x'] }], 'as JSON text', 'filters'],
    ['filters[0]', ['["x"]'], 'which is no JSON object', 'filters'],
    ['topic', 7, 'AWS allows one topic'],
    ['consumerGroupId', '', '1 to 200 letters'],
    ['batchsize', 100, 'is no setting'],
  ];
  it.each(refused)('may not have %s %j', (property, value, message, given = property) => {
    const settings: EventSourceMappingSettings = { provisionedPollers: {}, [given]: value };
    expect(settingsProblems(settings)).toEqual([{ property, message: expect.stringContaining(message) }]);
    expect(() => resolveSettings(settings)).toThrow(`${property}: `);
  });

  it('need provisioned mode for some, and say what to do', () => {
    const settings = { metrics: ['EventCount'], functionResponseTypes: ['ReportBatchItemFailures'] } as const;
    expect(settingsProblems(settings)).toEqual(
      ['functionResponseTypes', 'metrics'].map((property) => ({
        property,
        message: expect.stringMatching(
          /^needs provisioned mode: .*Add provisionedPollers: \{ minimum: 1 \}.*leave it out$/,
        ),
      })),
    );
    expect(settingsProblems({ ...settings, provisionedPollers: {} })).toEqual([]);
  });

  it('may be there and undefined', () => {
    const settings = { topic: undefined, onFailure: undefined, filters: undefined, provisionedPollers: undefined };
    expect(settingsProblems({ ...settings, batchSize: undefined })).toEqual([]);
    expect(settingsWarnings(settings)).toEqual([]);
  });

  it('that are limits warn of what is lost, each by name', () => {
    const limits = { maximumRetryAttempts: 3, maximumRecordAgeSeconds: 60 };
    expect(settingsWarnings(limits)).toEqual([
      {
        property: 'maximumRetryAttempts',
        message: expect.stringMatching(/^loses records: after 3 retries .*drops them/),
      },
      { property: 'maximumRecordAgeSeconds', message: expect.stringMatching(/after 60 s .*drops them/) },
    ]);
    expect(settingsWarnings({ ...limits, onFailure: { kind: 'sqs' } }).map(({ message }) => message)).toEqual([
      expect.stringContaining('tells the queue their offsets only'),
      expect.stringContaining('tells the queue their offsets only'),
    ]);
    expect(settingsWarnings({ ...limits, onFailure: { kind: 's3' } })).toEqual([]);
  });

  it('refused together are told in one error', () => {
    expect(() => resolveSettings({ batchSize: 0, logLevel: 'INFO' })).toThrow(
      /^batchSize: is 0; .*\nlogLevel: needs provisioned mode/,
    );
  });

  it('list every problem', () => {
    expect(
      settingsProblems({ batchSize: 0, maximumRetryAttempts: -5, provisionedPollers: {} }).map(
        ({ property }) => property,
      ),
    ).toEqual(['batchSize', 'maximumRetryAttempts']);
  });
});
