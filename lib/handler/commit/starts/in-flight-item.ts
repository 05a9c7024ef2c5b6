import { leaseUntil } from '../../../core/claim/lease.ts';
import type { Marker } from '../../../core/claim/marker.ts';
import { backoffMs } from '../../../core/time/backoff.ts';
import type { ClaimResult, ClaimWrite, ReleaseWrite } from '../../../ports/idempotency-store.ts';
import { StoreError } from '../../../ports/store-error.ts';
import { type ClaimTerms, claimExpiresAt } from '../../claims/claim-terms.ts';
import { callStore } from '../../claims/store-failure.ts';
import { wait } from '../../run/wait.ts';

/** More than a few writes at once means that others change the item at the same time. */
const quickRounds = 5;

export interface InFlightItemParts {
  readonly terms: ClaimTerms;
  readonly key: string;
  /** Writes it where there is none yet; several items may share a request. */
  readonly insert: (write: ClaimWrite) => Promise<ClaimResult>;
}

/** The record whose handler is, or may be among others, running, as coordinates. */
interface Noted {
  readonly source: string | undefined;
  readonly alone: boolean;
}

/**
 * The marker of one topic-partition that stands while handlers may be running on its records.
 *
 * It claims nothing and keeps nobody out. Whoever finds it with an owner knows that the owner's process ended without an answer, or
 * that another invocation has the topic-partition too; with `alone`, which record's handler was the only one.
 */
export class InFlightItem {
  readonly #parts: InFlightItemParts;
  readonly #owner: string;
  #isOpen = false;
  #isOvertaken = false;
  /** What stands in the store, as far as it is known. */
  #seen: Marker | undefined;
  /** What was left says which record was alone, and that is still what stands. */
  #isCarried = false;
  #left: Marker | undefined;

  constructor(parts: InFlightItemParts) {
    this.#parts = parts;
    this.#owner = parts.terms.randomness.uniqueId();
  }

  /** What an earlier invocation left, because it ended without an answer. */
  get left(): Marker | undefined {
    return this.#left;
  }

  /** Notes that handlers may be running. Which record ended the process alone is kept until something else is noted. */
  async open(source: string): Promise<StoreError | undefined> {
    return await this.#note(() => {
      const { left } = this;
      return left?.alone === true ? { source: left.source, alone: true } : { source, alone: false };
    });
  }

  /**
   * Notes what may be running, waiting out an outage while something may be started; answers why that cannot be done.
   *
   * `source`: the record, as coordinates; `alone`: its handler will be the only one of the invocation.
   */
  async note(source: string, alone: boolean): Promise<StoreError | undefined> {
    this.#isCarried = false;
    return await this.#note(() => ({ source, alone }));
  }

  async #note(noted: () => Noted): Promise<StoreError | undefined> {
    const { clock, randomness, budget } = this.#parts.terms;
    for (let rounds = 1; !this.#isOvertaken; rounds += 1) {
      const written = await this.#write(noted());
      if (written === 'written') return undefined;
      if (written === 'changed' && rounds < quickRounds) continue;
      const error =
        written === 'changed' ? new StoreError('unavailable', 'the in-flight item keeps changing') : written;
      if (error.kind !== 'unavailable') return error;
      if (!(await wait(clock, backoffMs(rounds, randomness.fraction()), budget.starting))) return error;
    }
    return undefined;
  }

  /** How the item ends with the invocation; undefined where it is not ours. `isSafe`: whatever ran has ended. */
  release(isSafe: boolean): ReleaseWrite | undefined {
    if (!this.#isOpen || this.#isOvertaken) return undefined;
    const { key: idempotencyKey } = this.#parts;
    const owner = this.#owner;
    return isSafe
      ? { idempotencyKey, owner, to: 'erase' }
      : { idempotencyKey, owner, to: 'unknown', attempts: 1, alone: this.#isCarried };
  }

  async #write({ source, alone }: Noted): Promise<StoreError | 'changed' | 'written'> {
    const seen = this.#seen;
    const write = this.#claim({ source, alone });
    const result = seen === undefined ? await this.#parts.insert(write) : await this.#takeOver(write, seen);
    switch (result.kind) {
      case 'claimed':
        return this.#written(write);
      case 'failed':
        return result.error;
      case 'gone':
        return this.#met(undefined);
      case 'existing': {
        const { owner, fence, source: noted, alone: was } = result.marker;
        // An answer was lost: of this write, or of one that was given up.
        const isOwn = owner === write.owner;
        if (isOwn && fence === write.fence && noted === source && was === alone) return this.#written(write);
        if (!isOwn) return this.#met(result.marker);
        this.#seen = result.marker;
        return 'changed';
      }
    }
  }

  #met(marker: Marker | undefined): 'changed' {
    // Another invocation has the topic-partition, and notes its own starts now.
    this.#isOvertaken = this.#isOpen;
    this.#seen = marker;
    this.#left = marker?.status === 'INPROGRESS' && marker.owner !== undefined ? marker : undefined;
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

  #written({
    fence,
    attempts,
    alone,
    leaseUntilMs,
    expiresAtSeconds,
    fingerprint,
    source,
    owner,
  }: ClaimWrite): 'written' {
    this.#isOpen = true;
    this.#seen = {
      ...{ status: 'INPROGRESS', fence, attempts, alone, leaseUntilMs, expiresAtSeconds, fingerprint, source, owner },
      result: undefined,
    };
    return 'written';
  }

  #claim({ source, alone }: Noted): ClaimWrite {
    const { terms, key } = this.#parts;
    return {
      idempotencyKey: key,
      owner: this.#owner,
      fence: (this.#seen?.fence ?? 0) + 1,
      attempts: 1,
      alone,
      leaseUntilMs: leaseUntil(terms.lease, terms.clock.nowMs()),
      expiresAtSeconds: claimExpiresAt(terms),
      fingerprint: undefined,
      source,
    };
  }
}
