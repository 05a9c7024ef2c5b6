import { describe, expect, it } from 'vitest';
import { type ConsumerSettings, consumerProblems } from '../../../lib/core/esm/consumer-rules.ts';

const claim = { mode: 'claim', failureReporting: 'throw' } as const;
const position = { mode: 'position', failureReporting: 'throw', provisionedPollers: { minimum: 1 } } as const;
const reports = {
  provisionedPollers: { minimum: 1 },
  functionResponseTypes: ['ReportBatchItemFailures'],
} as const;

describe('a function, its mapping and its table', () => {
  const agreeing: ConsumerSettings[] = [
    claim,
    { ...claim, functionTimeoutSeconds: 60, leaseMs: 20_000 },
    { ...claim, functionTimeoutSeconds: 3 },
    { ...claim, leaseMs: 900_000 },
    { ...claim, region: 'eu-central-1', tableRegion: 'eu-central-1' },
    { ...claim, region: 'eu-central-1' },
    { ...claim, failureReporting: 'report', ...reports },
    { ...claim, ...reports },
    { ...claim, provisionedPollers: {}, maximumRetryAttempts: 3 },
    position,
    { ...position, maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisectBatchOnFunctionError: false },
  ];
  it.each(agreeing)('may be %j', (settings) => {
    expect(consumerProblems(settings)).toEqual([]);
  });

  const contradicting: [string, ConsumerSettings, string][] = [
    ['batchSize', { ...claim, batchSize: 0 }, 'whole numbers from 1 to 10000'],
    ['leaseMs', { ...claim, functionTimeoutSeconds: 60, leaseMs: 20_001 }, 'Use at most 20000, or a longer time-out'],
    ['leaseMs', { ...claim, functionTimeoutSeconds: 60, leaseMs: 499 }, 'from 500 to 900000 ms'],
    ['leaseMs', { ...claim, leaseMs: 900_001 }, 'from 500 to 900000 ms'],
    ['failureReporting', { ...claim, failureReporting: 'report' }, 'take every report for success'],
    ['tableRegion', { ...claim, region: 'eu-central-1', tableRegion: 'eu-west-1' }, 'Use a table in eu-central-1'],
    ['maximumRetryAttempts', { ...position, maximumRetryAttempts: 0 }, "contradicts mode 'position'"],
    ['maximumRecordAgeSeconds', { ...position, maximumRecordAgeSeconds: 60 }, "contradicts mode 'position'"],
    ['bisectBatchOnFunctionError', { ...position, bisectBatchOnFunctionError: true }, "contradicts mode 'position'"],
    ['onFailure', { ...position, onFailure: { kind: 's3' } }, 'endless retries ten'],
    ['functionResponseTypes', { ...position, ...reports }, "contradicts mode 'position'"],
  ];
  it.each(contradicting)('contradict each other: %s of %j', (property, settings, message) => {
    expect(consumerProblems(settings)).toEqual([{ property, message: expect.stringContaining(message) }]);
  });

  it('contradict each other twice where a function reports in position mode', () => {
    expect(consumerProblems({ ...position, failureReporting: 'report', ...reports })).toEqual([
      { property: 'functionResponseTypes', message: expect.stringContaining('out of order. Leave it out') },
      { property: 'failureReporting', message: expect.stringContaining("out of order. Use 'throw'") },
    ]);
  });

  it('are told every problem', () => {
    const settings = { ...claim, batchSize: 0, failureReporting: 'report', region: 'a', tableRegion: 'b' } as const;
    expect(consumerProblems(settings).map(({ property }) => property)).toEqual([
      'batchSize',
      'failureReporting',
      'tableRegion',
    ]);
  });
});
