import { describe, expect, it } from 'vitest';
import { documentText } from './markdown.ts';

const sections = documentText('docs/runbook.md').split(/^## /m).slice(1);
const titleOf = (text: string): string => text.split('\n')[0] ?? '';
/** What a command line changes although a template says otherwise. */
const changing =
  /update-event-source-mapping|put-function-concurrency|update-function-configuration|--maximum-retry-attempts|enable it|reserved concurrency of/;
const concerned = sections.filter((text) => changing.test(text));

describe('a section of docs/runbook.md that changes what a stack made', () => {
  it('is one of these', () => {
    expect(concerned.map(titleOf)).toEqual(['Disabling the mapping', 'Not polling', 'Dropped records', 'Throttles']);
  });

  it.each(concerned.map((text) => [titleOf(text), text]))(
    'says so that the next deployment keeps it: %s',
    (_, text) => {
      expect(text).toMatch(/next\s+deployment/);
    },
  );

  it('names the properties that do', () => {
    const told = (title: string) => concerned.find((text) => titleOf(text) === title);
    expect(told('Disabling the mapping')).toContain('`enabled: false`');
    const limits = ['maximumRetryAttempts', 'maximumRecordAge', 'bisectBatchOnFunctionError'];
    for (const limit of limits) expect(told('Dropped records')).toContain(`\`${limit}\``);
    expect(told('Throttles')).toContain('`reservedConcurrentExecutions`');
  });
});
