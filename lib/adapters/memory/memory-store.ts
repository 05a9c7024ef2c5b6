import type { Marker } from '../../core/claim/marker.ts';
import type { AttributeMap } from '../../core/effects/attribute-value.ts';
import type { Position } from '../../core/position/position.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  Commit,
  CommitResult,
  CommitStore,
  MarkWrite,
  ReadPositionResult,
  SetMarkResult,
} from '../../ports/commit-store.ts';
import type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  IdempotencyStore,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  StoreCall,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import { carryOut, type Holdings } from './commit/carry-out.ts';
import { commitFault, keysOf } from './commit/commit-faults.ts';
import { setMark } from './commit/mark.ts';
import { RememberedCommits } from './commit/remembered-commits.ts';
import type { StoreOperation } from './fault.ts';
import * as apply from './operations.ts';
import { type OperationCount, type RequestOptions, Requests, unavailable } from './requests.ts';
import type { MemoryTable } from './tables/memory-table.ts';
import { findItem, makeTables, placeItem, type Tables, tableOf } from './tables/tables.ts';
import { writeAttributes } from './values/write-attribute.ts';
import { writeDocument } from './values/write-document.ts';

/** Settings of a `MemoryStore`. */
export interface MemoryStoreOptions extends RequestOptions {
  /** The tables that effects are carried out on, by name, as they were made in DynamoDB; none by default. */
  readonly tables?: Readonly<Record<string, MemoryTable>>;
  /** By which the token of a commit is forgotten after ten minutes; it never is by default. */
  readonly clock?: Pick<Clock, 'nowMs'>;
  /**
   * How a commit ends of which an update does not fit the stored item (arithmetic on what is not there, a path into it).
   *
   * `'refuse'` (default): refused as a whole, as DynamoDB Local does it. `'cancel'`: cancelled with the reason `invalid` at
   * its place, as AWS documents it.
   */
  readonly misfits?: 'refuse' | 'cancel';
}

/**
 * A store in this process's memory, for tests: it forgets everything when the process ends, and two environments of a
 * function would not see each other's claims.
 */
export class MemoryStore implements IdempotencyStore, CommitStore {
  readonly #markers = new Map<string, Marker>();
  readonly #positions = new Map<string, Position>();
  readonly #tables: Tables;
  readonly #holdings: Holdings;
  readonly #requests: Requests;

  /** Throws a `ConfigurationError` for a table without a usable key. */
  constructor(options: MemoryStoreOptions = {}) {
    this.#requests = new Requests(options);
    this.#tables = makeTables(options.tables ?? {});
    this.#holdings = {
      markers: this.#markers,
      positions: this.#positions,
      tables: this.#tables,
      commits: new RememberedCommits(options.clock),
      misfits: options.misfits ?? 'refuse',
    };
  }

  /** The marker of a key as it is now, without a call. */
  peek(idempotencyKey: string): Marker | undefined {
    return this.#markers.get(idempotencyKey);
  }

  /** Puts a marker in place without a call; undefined removes it. */
  poke(idempotencyKey: string, marker: Marker | undefined): void {
    putOrRemove(this.#markers, idempotencyKey, marker);
  }

  /** All keys that have a marker, in the order of their first writing. */
  keys(): readonly string[] {
    return [...this.#markers.keys()];
  }

  /** The position of a key as it is now, without a call. */
  peekPosition(positionKey: string): Position | undefined {
    return this.#positions.get(positionKey);
  }

  /** Puts a position in place without a call; undefined removes it. */
  pokePosition(positionKey: string, position: Position | undefined): void {
    putOrRemove(this.#positions, positionKey, position);
  }

  /**
   * The item of a key as it is now, as plain values: a set as a `Set`, binary data as a `Uint8Array`, numbers that are beyond
   * JavaScript's as bigint, or as text if they are no integers. undefined if there is none.
   *
   * Throws a `StoreError` for a table that there is not, a `ConfigurationError` for what is not its key.
   */
  item(table: string, key: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
    const item = findItem(tableOf(this.#tables, table), key);
    return item && writeDocument(item);
  }

  /** The same in DynamoDB's own form, in which every number is exact. */
  rawItem(table: string, key: Readonly<Record<string, unknown>>): AttributeMap | undefined {
    const item = findItem(tableOf(this.#tables, table), key);
    return item && writeAttributes(item);
  }

  /** All items of a table, in the order of their first writing, in the form of `item`. */
  items(table: string): readonly Record<string, unknown>[] {
    return [...tableOf(this.#tables, table).items.values()].map(writeDocument);
  }

  /** Puts an item of plain values in place without a call. Throws as `item` does. */
  putItem(table: string, item: Readonly<Record<string, unknown>>): void {
    placeItem(tableOf(this.#tables, table), item);
  }

  count(operation: StoreOperation): OperationCount {
    return this.#requests.count(operation);
  }

  /** Carries out all requests with the fault `late` that were not yet, in their order, and answers how many these were. */
  carryOutLate(): number {
    return this.#requests.carryOutLate();
  }

  insert(claims: readonly ClaimWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
    return this.#requests.each('insert', claims, keyOf, call, (claim) => apply.insert(this.#markers, claim));
  }

  takeOver(claims: readonly TakeOverWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
    return this.#requests.each('takeOver', claims, keyOf, call, (claim) => apply.takeOver(this.#markers, claim));
  }

  renew(renewals: readonly RenewWrite[], call: StoreCall): Promise<readonly RenewResult[]> {
    return this.#requests.each('renew', renewals, keyOf, call, (renewal) => apply.renew(this.#markers, renewal));
  }

  complete(completions: readonly CompleteWrite[], call: StoreCall): Promise<readonly CompleteResult[]> {
    return this.#requests.each('complete', completions, keyOf, call, (completion) =>
      apply.complete(this.#markers, completion),
    );
  }

  release(releases: readonly ReleaseWrite[], call: StoreCall): Promise<readonly ReleaseResult[]> {
    return this.#requests.each('release', releases, keyOf, call, (ended) => apply.release(this.#markers, ended));
  }

  read(idempotencyKeys: readonly string[], call: StoreCall): Promise<readonly ReadResult[]> {
    return this.#requests.each('read', idempotencyKeys, itself, call, (key) => apply.read(this.#markers, key));
  }

  markCompleted(markers: readonly CompletedWrite[], call: StoreCall): Promise<readonly MarkResult[]> {
    return this.#requests.each('markCompleted', markers, keyOf, call, (marker) =>
      apply.markCompleted(this.#markers, marker),
    );
  }

  async commit(commit: Commit, call: StoreCall): Promise<CommitResult> {
    const keys = () => keysOf(this.#tables, commit);
    const writes = commit.marks.length + commit.positions.length + commit.effects.length;
    const choice = await this.#requests.arrive('commit', writes, keys, call);
    if (choice === 'aborted') return unavailable('commit', 'the call was aborted');
    const fault = commitFault(choice, keys);
    if (fault.kind === 'cancelled') return fault;
    return this.#requests.carryOut('commit', fault.fault, () => carryOut(this.#holdings, commit));
  }

  setMarks(marks: readonly MarkWrite[], call: StoreCall): Promise<readonly SetMarkResult[]> {
    return this.#requests.each('setMarks', marks, keyOf, call, (mark) => setMark(this.#markers, mark));
  }

  readPositions(positionKeys: readonly string[], call: StoreCall): Promise<readonly ReadPositionResult[]> {
    return this.#requests.each('readPositions', positionKeys, itself, call, (key): ReadPositionResult => {
      return { kind: 'read', position: this.#positions.get(key) };
    });
  }
}

function keyOf(item: { readonly idempotencyKey: string }): string {
  return item.idempotencyKey;
}

function itself(key: string): string {
  return key;
}

function putOrRemove<Held>(all: Map<string, Held>, key: string, held: Held | undefined): void {
  if (held === undefined) {
    all.delete(key);
  } else {
    all.set(key, held);
  }
}
