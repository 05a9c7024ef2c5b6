import { faults } from './cells.ts';
import type { System } from './system.ts';
import { type Row, type Tally, total } from './tally.ts';

/** What one system came to. */
export interface Proven {
  readonly system: System;
  readonly tally: Tally;
}

const head = [
  'system',
  'mode',
  'fault',
  'schedules',
  'lost',
  'doubled',
  'of these in the window',
  'out of order',
  'dead letter after effect',
  'own effect mistaken',
  'blocked',
  'failed schedules',
];

/** The table of results: a row for each system, mode and fault, and one for each mode's sum. */
export function resultTable(results: readonly Proven[]): string {
  return markdown([
    head,
    ...results.flatMap(({ system, tally }) => [
      ...['none', ...faults, 'two faults'].flatMap((fault) => {
        const row = tally.rows[fault];
        return row === undefined ? [] : [cellsOfRow(system, fault, row)];
      }),
      cellsOfRow(system, 'all', total(tally)),
    ]),
  ]);
}

/** How often each call was struck by each fault, for one system. */
export function hitTable({ system, tally }: Proven): string {
  const used = faults.filter((fault) => system.cells.some((cell) => cell.fault === fault));
  return markdown([
    ['call', ...used],
    ...system.sites.map((site) => [site, ...used.map((fault) => String(tally.hits[`${site} × ${fault}`] ?? '–'))]),
  ]);
}

function cellsOfRow({ name, mode }: System, fault: string, row: Row): string[] {
  const { schedules, lost, doubled, inWindow, outOfOrder, putAside, mistaken, stuck, broken } = row;
  const counts = [schedules, lost, doubled, inWindow, outOfOrder, putAside, mistaken, stuck, broken];
  return [name, mode, fault, ...counts.map((count) => count.toLocaleString('en'))];
}

function markdown([first = [], ...rest]: readonly (readonly string[])[]): string {
  const widths = first.map((_, at) => Math.max(...[first, ...rest].map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (/^[\d–]/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  return [line(first), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rest.map(line)].join('\n');
}
