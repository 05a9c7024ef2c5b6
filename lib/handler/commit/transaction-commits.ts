import { formatCoordinates } from '../../core/coordinates.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { Commit, MarkWrite } from '../../ports/commit-store.ts';
import { expiresAt } from '../claims/claim-terms.ts';
import type { SharedParts } from '../run/shared-parts.ts';
import { wait } from '../run/wait.ts';
import type { CommitMode, Review } from './commit-mode.ts';
import type { InTheWay } from './looked.ts';
import type { MarkerLooks } from './marker-looks.ts';
import { isSameMarker } from './same-marker.ts';
import type { TransactionMember } from './transaction-member.ts';

/** The commits of `transaction` mode: a mark for each record, and its effects. */
export class TransactionCommits implements CommitMode<InTheWay, TransactionMember> {
  readonly extraWrite = 'perRecord';
  readonly #parts: SharedParts;
  readonly #looks: MarkerLooks;

  constructor(parts: SharedParts, looks: MarkerLooks) {
    this.#parts = parts;
    this.#looks = looks;
  }

  writesOf(members: readonly TransactionMember[]): Omit<Commit, 'token'> {
    return {
      marks: members.map((member) => this.#markOf(member)),
      positions: [],
      effects: members.flatMap((member) => member.effects),
    };
  }

  #markOf({ handled, seen, result }: TransactionMember): MarkWrite {
    const { entry, prepared, attempts } = handled;
    const { terms } = this.#parts;
    return {
      idempotencyKey: prepared.idempotencyKey,
      seen,
      attempts,
      expiresAtSeconds: expiresAt(terms),
      fingerprint: prepared.fingerprint,
      result: terms.settings.storeResult ? result : undefined,
      source: formatCoordinates(entry.received),
    };
  }

  /** A result that does not fit never turns a finished record into a failure. */
  lighten(member: TransactionMember): boolean {
    const { settings, observer } = this.#parts.terms;
    if (!settings.storeResult || member.result === undefined) return false;
    observer.observe({ type: 'resultNotStored', coordinates: member.entry.received });
    member.result = undefined;
    return true;
  }

  committed(members: readonly TransactionMember[]): void {
    const { cache, terms } = this.#parts;
    const expiresAtSeconds = expiresAt(terms);
    for (const { handled } of members) {
      const { idempotencyKey, fingerprint } = handled.prepared;
      cache.remember(idempotencyKey, { expiresAtSeconds, fingerprint });
    }
  }

  /** A claim in the way is of somebody for whom the record failed: it is waited for while there is time. */
  async review(member: TransactionMember): Promise<Review<InTheWay>> {
    const { clock, randomness, budget } = this.#parts.terms;
    for (let waits = 0; ; waits += 1) {
      const looked = await this.#looks.fresh(member.entry);
      if (looked.kind === 'failed') return looked;
      if (looked.kind === 'free') {
        if (isSameMarker(looked.seen, member.seen)) return { kind: 'same' };
        member.seen = looked.seen;
        return { kind: 'changed' };
      }
      const isBusy = looked.kind === 'busy';
      if (!isBusy || !(await wait(clock, backoffMs(waits, randomness.fraction()), budget.starting))) {
        return { kind: 'final', reviewed: looked };
      }
    }
  }
}
