import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmTable } from '../../../../infra/watch/alarm-table.ts';
import { runbookAnchor } from '../../../../infra/watch/runbook-anchor.ts';
import { logFieldNames } from '../../../../lib/core/observe/log-line.ts';

const runbook = readFileSync(new URL('../../../../docs/runbook.md', import.meta.url), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', section] as const),
);
const rows = Object.values(alarmTable);

describe('docs/runbook.md', () => {
  it.each(rows.map(({ title }) => title))(
    'says of %s what it means, what to look at, to do, not to do, and when it is over',
    (title) => {
      const section = sections.get(title);
      expect(section).toBeDefined();
      for (const part of ['Means', 'Look', 'Do', 'Do not', 'Over']) expect(section).toContain(`\n**${part}.** `);
    },
  );

  it('has no section for an alarm that is gone', () => {
    const titles = rows.map(({ title }) => title);
    expect([...sections.keys()].filter((heading) => !titles.includes(heading))).toEqual([
      'Queries',
      'Disabling the mapping',
      'Conditions that do not hold',
      'A topic that is made again',
    ]);
  });

  it('asks only for fields that log lines have', () => {
    const asked = [...runbook.matchAll(/\bmessage\.(\w+)/g)].map(([, field]) => field);
    expect(asked.length).toBeGreaterThan(20);
    expect(['message', ...logFieldNames]).toEqual(expect.arrayContaining(asked));
  });

  it('is where docs/operations.md points to', () => {
    const operations = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const links = [...operations.matchAll(/runbook\.md#([\w-]+)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(5);
    expect([...sections.keys()].map(runbookAnchor)).toEqual(expect.arrayContaining(links));
  });

  it('has an anchor of its own for each alarm, and each link within it leads somewhere', () => {
    const anchors = [...sections.keys()].map(runbookAnchor);
    expect(new Set(anchors).size).toBe(anchors.length);
    const links = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(anchors).toEqual(expect.arrayContaining(links));
  });
});
