/**
 * What can go wrong with a call.
 *
 * - `cutBefore`: it does not arrive, and the caller is told so.
 * - `cutAfter`: it is carried out, and its answer is lost. One time in two the SDK repeats it and the caller sees the second answer.
 * - `throttled`: refused; of a call for many items possibly only some.
 * - `conflict`: a transaction is cancelled because another one is working on an item.
 * - `timeOut`: no answer ever comes. The call is carried out at once, late (perhaps after everything else) or never.
 * - `killedBefore`, `killedAfter`: the process is lost before the call is sent, or after it was carried out.
 * - `frozenBefore`, `frozenAfter`: the process stands still at that moment and is thawed when its leases are over.
 */
export const faults = [
  'cutBefore',
  'cutAfter',
  'throttled',
  'conflict',
  'timeOut',
  'killedBefore',
  'killedAfter',
  'frozenBefore',
  'frozenAfter',
] as const;
export type Fault = (typeof faults)[number];

/** Where a handler's process talks to something outside: operations of a store, the effect itself, the dead-letter sink. */
export type Site =
  | 'insert'
  | 'takeOver'
  | 'renew'
  | 'complete'
  | 'release'
  | 'read'
  | 'markCompleted'
  | 'commit'
  | 'setMarks'
  | 'readPositions'
  | 'effect'
  | 'deadLetter'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'GetItem';

export interface Cell {
  readonly site: Site;
  readonly fault: Fault;
}

/** Cells that no schedule can hit, and why. */
export interface Unreachable {
  readonly site: Site;
  /** Undefined: all faults of the site. */
  readonly fault?: Fault;
  readonly why: string;
}

export function nameOf({ site, fault }: Cell): string {
  return `${site} × ${fault}`;
}

/** Every cell of these sites that can be hit: `conflict` is an answer to transactions only. */
export function cellsOf(sites: readonly Site[], unreachable: readonly Unreachable[] = []): readonly Cell[] {
  const isUnreachable = (cell: Cell): boolean =>
    unreachable.some(({ site, fault }) => site === cell.site && (fault === undefined || fault === cell.fault));
  return sites.flatMap((site) =>
    faults
      .filter((fault) => fault !== 'conflict' || site === 'commit')
      .map((fault): Cell => ({ site, fault }))
      .filter((cell) => !isUnreachable(cell)),
  );
}
