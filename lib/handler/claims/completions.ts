import { isCompletedBy } from '../../core/claim/judge-completion.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { CompleteResult } from '../../ports/idempotency-store.ts';
import { Gather } from '../run/gather.ts';
import { wait } from '../run/wait.ts';
import { type ClaimTerms, expiresAt } from './claim-terms.ts';
import type { CompletionCache } from './completion-cache.ts';
import type { HeldClaim } from './held-claim.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { callStore } from './store-failure.ts';

const batchSize = 25;
const gatherMs = 4;

/** `confirmed`: the marker is COMPLETED by our owner. `unconfirmed`: it is not, or nobody knows; the record is undone. */
export type Completion = 'confirmed' | 'unconfirmed';

interface Waiting {
  readonly claim: HeldClaim;
  result: unknown;
}

/** Marks claims as completed, 25 in a request, a few milliseconds after their handlers resolved. */
export class Completions {
  readonly #terms: ClaimTerms;
  readonly #leases: LeaseKeeper;
  readonly #cache: CompletionCache;
  readonly #gather: Gather<Waiting, Completion>;

  constructor(terms: ClaimTerms, leases: LeaseKeeper, cache: CompletionCache) {
    this.#terms = terms;
    this.#leases = leases;
    this.#cache = cache;
    this.#gather = new Gather({
      clock: terms.clock,
      size: Math.min(batchSize, terms.settings.completionLag),
      delayMs: gatherMs,
      send: (waiting) => this.#completeAll(waiting),
    });
  }

  /** Never rejects. The claim is not held afterwards. */
  async complete(claim: HeldClaim, result: unknown): Promise<Completion> {
    const completion = await this.#gather.add({ claim, result: this.#terms.settings.storeResult ? result : undefined });
    this.#leases.drop(claim);
    return completion;
  }

  async #completeAll(all: readonly Waiting[]): Promise<readonly Completion[]> {
    const { clock, randomness, budget } = this.#terms;
    const done = new Map<Waiting, Completion>();
    let open = all;
    for (let failures = 0; open.length > 0; failures += 1) {
      const again = await this.#completeOnce(open, done);
      if (again.length === 0) break;
      open = again;
      if (!(await wait(clock, backoffMs(failures, randomness.fraction()), budget.answering))) break;
    }
    return all.map((waiting) => done.get(waiting) ?? 'unconfirmed');
  }

  /** One try; returns those to try again. */
  async #completeOnce(open: readonly Waiting[], done: Map<Waiting, Completion>): Promise<readonly Waiting[]> {
    const { store, budget } = this.#terms;
    const expiresAtSeconds = expiresAt(this.#terms);
    const writes = open.map(({ claim, result }) => ({
      idempotencyKey: claim.idempotencyKey,
      owner: claim.owner,
      expiresAtSeconds,
      fingerprint: claim.prepared.fingerprint,
      result,
    }));
    for (const { claim } of open) claim.completing = true;
    const results = await callStore(
      'complete',
      writes.length,
      () => store.complete(writes, { signal: budget.answering }),
      this.#terms,
    );
    return open.filter((waiting, index) => {
      const judged = this.#judge(waiting, results[index]);
      if (judged === 'again') {
        waiting.claim.completing = false;
        return true;
      }
      done.set(waiting, judged);
      if (judged === 'confirmed') {
        const { fingerprint } = waiting.claim.prepared;
        this.#cache.remember(waiting.claim.idempotencyKey, { expiresAtSeconds, fingerprint });
      }
      return false;
    });
  }

  #judge(waiting: Waiting, result: CompleteResult | undefined): Completion | 'again' {
    switch (result?.kind) {
      case 'completed':
        return 'confirmed';
      case 'refused':
        return isCompletedBy(result.marker, waiting.claim.owner) ? 'confirmed' : 'unconfirmed';
      case 'failed':
        if (result.error.kind === 'unavailable') return 'again';
        if (result.error.kind === 'unstorable' && waiting.result !== undefined) {
          // A result that does not fit never turns a finished effect into a failure.
          this.#terms.observer.observe({ type: 'resultNotStored', coordinates: waiting.claim.entry.received });
          waiting.result = undefined;
          return 'again';
        }
        return 'unconfirmed';
      default:
        return 'unconfirmed';
    }
  }
}
