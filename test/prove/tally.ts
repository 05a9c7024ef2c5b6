import { type Cell, nameOf } from './cells.ts';
import type { Outcome } from './run-schedule.ts';

/** A row of the table: what schedules of one fault came to. */
export interface Row {
  schedules: number;
  lost: number;
  doubled: number;
  inWindow: number;
  outOfOrder: number;
  putAside: number;
  mistaken: number;
  stuck: number;
  /** Schedules in which a promise was broken. */
  broken: number;
}

export type RowName = Cell['fault'] | 'none' | 'two faults';

/** Sums of many schedules of one system; a plain value, so that it can travel between processes. */
export interface Tally {
  readonly rows: Record<string, Row>;
  readonly hits: Record<string, number>;
  /** Indices of schedules that broke a promise, the first few. */
  readonly broken: number[];
}

const mostBroken = 20;

export function emptyTally(): Tally {
  return { rows: {}, hits: {}, broken: [] };
}

/** Counts one schedule under the fault that struck it. */
export function count(tally: Tally, index: number, { verdict, hits }: Outcome): void {
  const [first, second] = hits;
  const name: RowName = first === undefined ? 'none' : second === undefined ? first.fault : 'two faults';
  add(tally, name, { schedules: 1, ...verdict });
  for (const cell of hits) tally.hits[nameOf(cell)] = (tally.hits[nameOf(cell)] ?? 0) + 1;
  if (verdict.broken > 0 && tally.broken.length < mostBroken) tally.broken.push(index);
}

/** Adds the second to the first. */
export function merge(into: Tally, other: Tally): void {
  for (const [name, row] of Object.entries(other.rows)) add(into, name, row);
  for (const [cell, hits] of Object.entries(other.hits)) into.hits[cell] = (into.hits[cell] ?? 0) + hits;
  into.broken.push(...other.broken.slice(0, mostBroken - into.broken.length));
}

export function total({ rows }: Tally): Row {
  const sum = emptyTally();
  for (const row of Object.values(rows)) add(sum, 'total', row);
  return sum.rows.total ?? noRow();
}

function add({ rows }: Pick<Tally, 'rows'>, name: string, row: Row): void {
  const sum = rows[name] ?? noRow();
  rows[name] = sum;
  sum.schedules += row.schedules;
  sum.lost += row.lost;
  sum.doubled += row.doubled;
  sum.inWindow += row.inWindow;
  sum.outOfOrder += row.outOfOrder;
  sum.putAside += row.putAside;
  sum.mistaken += row.mistaken;
  sum.stuck += row.stuck;
  sum.broken += row.broken;
}

function noRow(): Row {
  return {
    schedules: 0,
    lost: 0,
    doubled: 0,
    inWindow: 0,
    outOfOrder: 0,
    putAside: 0,
    mistaken: 0,
    stuck: 0,
    broken: 0,
  };
}
