import { describe, expect, it } from 'vitest';
import { mayReport } from '../../../lib/core/answer/failure-reporting.ts';

describe('mayReport', () => {
  it.each([
    ['nothing is granted', 'throw', ['orders'], false],
    ['its topic is granted', { report: ['orders'] }, ['orders'], true],
    ['both its topics are granted', { report: ['orders', 'customers'] }, ['customers', 'orders'], true],
    ['one of its two topics is not granted', { report: ['orders'] }, ['orders', 'customers'], false],
    ['another topic is granted', { report: ['customers'] }, ['orders'], false],
    ['its topic only begins like a granted one', { report: ['orders'] }, ['orders.eu'], false],
    ['its topic differs in case', { report: ['Orders'] }, ['orders'], false],
  ] as const)('of a batch where %s', (_, reporting, topics, expected) => {
    expect(mayReport(reporting, topics)).toBe(expected);
    expect(mayReport(reporting, new Set(topics))).toBe(expected);
  });
});
