import { nameOf } from './cells.ts';
import type { System } from './system.ts';
import type { Tally } from './tally.ts';

/** Cells that can be hit and were not. */
export function missed(system: System, { hits }: Tally): string[] {
  return system.cells.map(nameOf).filter((cell) => (hits[cell] ?? 0) === 0);
}
