import { leaseUntil } from '../../../core/claim/lease.ts';
import type { Marker } from '../../../core/claim/marker.ts';
import { backoffMs } from '../../../core/time/backoff.ts';
import type { ClaimResult, ClaimWrite, ReleaseWrite } from '../../../ports/idempotency-store.ts';
import { StoreError } from '../../../ports/store-error.ts';
import { type ClaimTerms, claimExpiresAt } from '../../claims/claim-terms.ts';
import { callStore } from '../../claims/store-failure.ts';
import { wait } from '../../run/wait.ts';
import { formatNote, type InFlightNote, leftBy } from './in-flight-note.ts';

/** More than a few writes at once means that others change the item at the same time. */
const quickRounds = 5;

export interface InFlightItemParts {
  readonly terms: ClaimTerms;
  readonly key: string;
  /** The last offset of the topic-partition in this invocation. */
  readonly lastOffset: number;
  /** Writes it where there is none yet; several items may share a request. */
  readonly insert: (write: ClaimWrite) => Promise<ClaimResult>;
}

/**
 * The marker of one topic-partition that stands while handlers may be running on its records.
 *
 * It claims nothing and keeps nobody out. Whoever finds it with an owner knows that the owner's process ended without an answer, or
 * that another invocation has the topic-partition too.
 */
export class InFlightItem {
  readonly #parts: InFlightItemParts;
  readonly #owner: string;
  #isOpen = false;
  #isOvertaken = false;
  /** What stands in the store, as far as it is known. */
  #seen: Marker | undefined;
  /** The name of a record that ended the process still stands. */
  #isCarried = false;
  #left: InFlightNote | undefined;

  constructor(parts: InFlightItemParts) {
    this.#parts = parts;
    this.#owner = parts.terms.randomness.uniqueId();
  }

  /** What an earlier invocation left, because it ended without an answer. */
  get left(): InFlightNote | undefined {
    return this.#left;
  }

  /** Another invocation notes its own starts there now. */
  get isOvertaken(): boolean {
    return this.#isOvertaken;
  }

  /** Notes that handlers may be running. Which record ended the process alone is kept until something else is noted. */
  async open(record: string): Promise<StoreError | undefined> {
    return await this.#write(() => {
      const { left } = this;
      return left?.alone === true
        ? { ...this.#upTo(left.record), alone: true }
        : { ...this.#upTo(record), alone: false };
    });
  }

  /** Notes that this record's handler is the only one that runs, or no longer. */
  async note(record: string, alone: boolean): Promise<StoreError | undefined> {
    const unwritten = await this.#write(() => ({ ...this.#upTo(record), alone }));
    if (unwritten === undefined) this.#isCarried = false;
    return unwritten;
  }

  /** Notes the name of a record again that ended the process, and could not be dealt with. */
  async carry(record: string): Promise<void> {
    await this.note(record, true);
    this.#isCarried = true;
  }

  /** Leaves what was left for the next invocation, and no more than that; then `release` is to follow. */
  async handOn(): Promise<void> {
    const { left } = this;
    if (left === undefined || left.upTo >= this.#parts.lastOffset) return;
    await this.#write(() => ({ ...left, alone: this.#isCarried }));
  }

  /** How the item ends with the invocation; undefined where it is not ours. `isSafe`: whatever may have ended a process has not. */
  release(isSafe: boolean): ReleaseWrite | undefined {
    if (!this.#isOpen || this.#isOvertaken) return undefined;
    const { key: idempotencyKey } = this.#parts;
    const owner = this.#owner;
    return isSafe
      ? { idempotencyKey, owner, to: 'erase' }
      : { idempotencyKey, owner, to: 'unknown', attempts: 1, alone: this.#isCarried };
  }

  #upTo(record: string): Omit<InFlightNote, 'alone'> {
    return { record, upTo: Math.max(this.#parts.lastOffset, this.#left?.upTo ?? 0) };
  }

  /** Waits out an outage while something may be started; answers why it cannot be written. */
  async #write(noted: () => InFlightNote): Promise<StoreError | undefined> {
    const { clock, randomness, budget } = this.#parts.terms;
    for (let rounds = 1; !this.#isOvertaken; rounds += 1) {
      const written = await this.#try(noted());
      if (written === 'written') return undefined;
      if (written === 'changed' && rounds < quickRounds) continue;
      const error =
        written === 'changed' ? new StoreError('unavailable', 'the in-flight item keeps changing') : written;
      if (error.kind !== 'unavailable') return error;
      if (!(await wait(clock, backoffMs(rounds, randomness.fraction()), budget.starting))) return error;
    }
    return undefined;
  }

  async #try(noted: InFlightNote): Promise<StoreError | 'changed' | 'written'> {
    const seen = this.#seen;
    const write = this.#claim(noted);
    const result = seen === undefined ? await this.#parts.insert(write) : await this.#takeOver(write, seen);
    switch (result.kind) {
      case 'claimed':
        return this.#written(write);
      case 'failed':
        return result.error;
      case 'gone':
        return this.#met(undefined);
      case 'existing': {
        const { owner, fence, source, alone } = result.marker;
        if (owner !== write.owner) return this.#met(result.marker);
        // An answer was lost: of this write, or of one that was given up.
        const isThis = fence === write.fence && source === write.source && alone === write.alone;
        if (isThis) return this.#written(write);
        this.#seen = result.marker;
        return 'changed';
      }
    }
  }

  #met(marker: Marker | undefined): 'changed' {
    this.#isOvertaken = this.#isOpen;
    this.#seen = marker;
    this.#left = marker === undefined ? undefined : leftBy(marker);
    this.#isCarried = this.#left?.alone === true;
    return 'changed';
  }

  async #takeOver(write: ClaimWrite, seen: Marker): Promise<ClaimResult> {
    const { terms } = this.#parts;
    const call = { signal: terms.budget.answering };
    const takeOver = (): Promise<readonly ClaimResult[]> => terms.store.takeOver([{ ...write, seen }], call);
    const [result] = await callStore('takeOver', 1, takeOver, terms);
    return result ?? { kind: 'failed', error: new StoreError('unavailable', 'takeOver: no result') };
  }

  #written({ idempotencyKey: _, ...written }: ClaimWrite): 'written' {
    this.#isOpen = true;
    this.#seen = { status: 'INPROGRESS', result: undefined, ...written };
    return 'written';
  }

  #claim(noted: InFlightNote): ClaimWrite {
    const { terms, key } = this.#parts;
    return {
      idempotencyKey: key,
      owner: this.#owner,
      fence: (this.#seen?.fence ?? 0) + 1,
      attempts: 1,
      alone: noted.alone,
      leaseUntilMs: leaseUntil(terms.lease, terms.clock.nowMs()),
      expiresAtSeconds: claimExpiresAt(terms),
      fingerprint: undefined,
      source: formatNote(noted),
    };
  }
}
