import type { Marker } from '../../core/claim/marker.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { ClaimResult } from '../../ports/idempotency-store.ts';
import type { StoreError } from '../../ports/store-error.ts';
import { wait } from '../run/wait.ts';
import type { Acquired, Wanted } from './acquired.ts';
import { ClaimAttempt } from './claim-attempt.ts';
import type { ClaimTerms } from './claim-terms.ts';
import type { CompletionCache } from './completion-cache.ts';
import type { Holds } from './holds.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { MarkersInTheWay, type Met } from './markers-in-the-way.ts';
import type { Releases } from './releases.ts';
import { isSamePayload } from './same-payload.ts';
import { callStore } from './store-failure.ts';

/** A claim takes two or three writes; more means that others change the marker at the same time. */
const quickRounds = 5;

export interface AcquirerParts {
  readonly terms: ClaimTerms;
  readonly leases: LeaseKeeper;
  readonly releases: Releases;
  readonly holds: Holds;
  readonly cache: CompletionCache;
  /** How long claims are tried for: as long as something may be `'starting'` (default), or to the end. */
  readonly until?: 'starting' | 'answering';
}

/**
 * Makes claims, many at a time.
 *
 * Each record goes through: remembered completion? → insert → judge the marker in the way → dead-lettered before? → take
 * over → Kafka key held? An outage is waited out within the time budget.
 */
export class Acquirer {
  readonly #terms: ClaimTerms;
  readonly #leases: LeaseKeeper;
  readonly #releases: Releases;
  readonly #holds: Holds;
  readonly #cache: CompletionCache;
  readonly #markers: MarkersInTheWay;
  readonly #until: 'starting' | 'answering';

  constructor({ terms, leases, releases, holds, cache, until = 'starting' }: AcquirerParts) {
    this.#terms = terms;
    this.#until = until;
    this.#leases = leases;
    this.#releases = releases;
    this.#holds = holds;
    this.#cache = cache;
    const hold = (attempt: ClaimAttempt, leaseUntilMs: number | undefined): void => this.#hold(attempt, leaseUntilMs);
    this.#markers = new MarkersInTheWay({ terms, cache, hold, signal: terms.budget[until] });
  }

  /** Claims what is free without a doubt. `alone`: nothing else of the batch is or will be claimed meanwhile. */
  async acquire(wanted: readonly Wanted[], alone: boolean): Promise<readonly Acquired[]> {
    return await this.#run(wanted.map((one) => this.#attempt(one, alone)));
  }

  /** Claims a record whose earlier outcome is unknown, alone. */
  async acquireSuspect(wanted: Wanted, seen: Marker): Promise<Acquired> {
    const attempt = this.#attempt(wanted, true);
    attempt.found = { seen, judged: 'unknownOutcome' };
    const [acquired] = await this.#run([attempt]);
    return acquired ?? { kind: 'noTime' };
  }

  #attempt(wanted: Wanted, alone: boolean): ClaimAttempt {
    const attempt = new ClaimAttempt(wanted, this.#terms.randomness.uniqueId(), alone);
    const { idempotencyKey, fingerprint } = wanted.prepared;
    const remembered = this.#cache.recall(idempotencyKey, this.#terms.clock.nowMs());
    // A payload that differs is looked at in the store: it may have been dead-lettered under its coordinates.
    if (remembered !== undefined && isSamePayload(fingerprint, remembered.fingerprint))
      attempt.result = { kind: 'duplicate' };
    return attempt;
  }

  async #run(attempts: readonly ClaimAttempt[]): Promise<readonly Acquired[]> {
    const { clock, randomness, budget } = this.#terms;
    let lastError: StoreError | undefined;
    const signal = budget[this.#until];
    const mayGoOn = (): boolean => (this.#until === 'starting' ? budget.mayStart() : !signal.aborted);
    for (let rounds = 1, stuck = 0; attempts.some(isOpen) && mayGoOn(); rounds += 1) {
      const before = attempts.filter(isOpen);
      const progress = await this.#round(before);
      lastError = progress.error ?? lastError;
      if (!attempts.some(isOpen)) break;
      if (progress.moved && rounds < quickRounds) continue;
      stuck += 1;
      const goOn = !this.#isEnough(lastError) && (await wait(clock, backoffMs(stuck, randomness.fraction()), signal));
      if (!goOn) break;
    }
    const gaveUp: Acquired = lastError === undefined ? { kind: 'noTime' } : { kind: 'failed', error: lastError };
    await Promise.all(attempts.filter((one) => isOpen(one) && one.mayBeWritten).map((one) => this.#undo(one)));
    const results = attempts.map((attempt) => attempt.result ?? gaveUp);
    return await this.#holds.check(results, signal);
  }

  /** An outage is waited out until nothing can be started any more, or until handling unprotected is better. */
  #isEnough(error: StoreError | undefined): boolean {
    const { settings, budget, clock } = this.#terms;
    if (error?.kind === 'configuration' || error?.kind === 'unstorable') return true;
    if (error === undefined || settings.onStoreFailure === 'fail') return false;
    const { startByMs } = budget.plan;
    const patienceMs = startByMs === Number.POSITIVE_INFINITY ? 5_000 : (startByMs - budget.startedAtMs) / 4;
    return clock.nowMs() >= budget.startedAtMs + patienceMs;
  }

  /** One write for every open attempt. `moved`: some attempt has something new to try at once. */
  async #round(
    open: readonly ClaimAttempt[],
  ): Promise<{ readonly moved: boolean; readonly error: StoreError | undefined }> {
    const call = { signal: this.#terms.budget[this.#until] };
    const { store } = this.#terms;
    const inserting = open.filter((one) => one.inserts);
    const taking = open.flatMap((one) => (one.found === undefined ? [] : [{ one, found: one.found }]));
    const insertions = inserting.map((one) => one.insertion(this.#terms));
    const takeOvers = taking.map(({ one, found }) => one.takeOver(this.#terms, found));
    const [inserted, taken] = await Promise.all([
      callStore('insert', insertions.length, () => store.insert(insertions, call), this.#terms),
      callStore('takeOver', takeOvers.length, () => store.takeOver(takeOvers, call), this.#terms),
    ]);
    let error: StoreError | undefined;
    let moved = false;
    const met: Met[] = [];
    const take = (attempt: ClaimAttempt, result: ClaimResult | undefined): void => {
      switch (result?.kind) {
        case 'claimed':
          this.#hold(attempt, undefined);
          break;
        case 'existing':
          met.push({ attempt, marker: result.marker });
          break;
        case 'failed':
          error = result.error;
          attempt.mayBeWritten ||= result.error.kind === 'unavailable';
          break;
        default:
          // The marker went away in between: begin anew.
          moved ||= attempt.found !== undefined;
          attempt.found = undefined;
      }
    };
    for (const [index, attempt] of inserting.entries()) take(attempt, inserted[index]);
    for (const [index, { one }] of taking.entries()) take(one, taken[index]);
    const unread = await this.#markers.follow(met);
    moved ||= unread === undefined && met.some(({ attempt }) => isOpen(attempt));
    return { moved, error: error ?? unread };
  }

  #hold(attempt: ClaimAttempt, leaseUntilMs: number | undefined): void {
    const claim = attempt.held(this.#terms, leaseUntilMs);
    if (claim === undefined) return;
    this.#leases.keep(claim);
    attempt.result = { kind: 'claimed', claim };
    if (attempt.found?.judged !== 'unknownOutcome') return;
    const coordinates = attempt.wanted.entry.received;
    this.#terms.observer.observe({ type: 'leaseTakenOver', coordinates, attempts: claim.attempts });
  }

  /** The store failed and may have written our claim all the same: nobody should have to wait for it to run out. */
  async #undo(attempt: ClaimAttempt): Promise<void> {
    const { idempotencyKey } = attempt.wanted.prepared;
    const { owner, found, suspected } = attempt;
    if (suspected !== undefined) {
      await this.#releases.leaveUnknown({ idempotencyKey, owner }, suspected);
      return;
    }
    if (found === undefined) await this.#releases.undo({ idempotencyKey, owner, to: 'erase' });
    else await this.#releases.undo({ idempotencyKey, owner, to: 'keep', attempts: found.seen.attempts });
  }
}

function isOpen(attempt: ClaimAttempt): boolean {
  return attempt.result === undefined;
}
