import type { Effect } from '../../core/effects/effect.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { CancellationReason, CommitResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { wait } from '../run/wait.ts';
import { type Blame, blameOf, isPassing } from './blame.ts';
import type { Review } from './commit-mode.ts';
import type { GroupCommitParts } from './group-commit.ts';
import type { Ended, Member } from './member.ts';
import { type MayPass, outOfTime, sendCommit } from './send-commit.ts';

/**
 * Commits one record in a transaction of its own, until it is known what came of it or no time is left.
 *
 * No refusal is believed before a consistent read shows that the record did not take effect before: a redelivered record
 * whose effects are there may well fail its own conditions. A commit of which nobody knows what came of it is repeated with
 * its token.
 */
export class SingleCommit<Reviewed, M extends Member<Reviewed>> {
  readonly #parts: GroupCommitParts<Reviewed, M>;

  constructor(parts: GroupCommitParts<Reviewed, M>) {
    this.#parts = parts;
  }

  async commit(member: M): Promise<Ended<Reviewed>> {
    const { terms, store, mode } = this.#parts;
    for (let rounds = 0; ; rounds += 1) {
      const result = await sendCommit(terms, store, mode.writesOf([member]), isPassed);
      if (result.kind === 'failed') return result;
      if (result.kind === 'committed') {
        mode.committed([member]);
        return result;
      }
      const next = this.#decide(member, result, await mode.review(member));
      if (next !== 'again') return next;
      if (!(await this.#mayWait(rounds))) return outOfTime;
    }
  }

  async #mayWait(failures: number): Promise<boolean> {
    const { clock, randomness, budget } = this.#parts.terms;
    return await wait(clock, backoffMs(failures, randomness.fraction()), budget.answering);
  }

  #decide(
    member: M,
    result: CommitResult & { readonly kind: 'cancelled' | 'refused' },
    review: Review<Reviewed>,
  ): Ended<Reviewed> | 'again' {
    switch (review.kind) {
      case 'failed':
        return review;
      case 'final':
        return { kind: 'reviewed', reviewed: review.reviewed };
      case 'changed':
        return 'again';
      case 'same':
        if (result.kind === 'cancelled') return this.#believe(member, this.#blame(member, result));
        return result.error.kind === 'unstorable' && this.#parts.mode.lighten(member)
          ? 'again'
          : believeRefusal(result.error);
    }
  }

  #blame(member: M, { reasons }: CommitResult & { readonly kind: 'cancelled' }): Blame | undefined {
    return reasons === undefined ? undefined : blameOf([member], this.#parts.mode.extraWrite, reasons)?.[0];
  }

  #believe(member: M, blame: Blame | undefined): Ended<Reviewed> | 'again' {
    if (blame?.own === 'invalid') {
      const error = new StoreError('unstorable', 'the marker does not take what the handler returned');
      return this.#parts.mode.lighten(member) ? 'again' : { kind: 'invalid', error };
    }
    // Marker or position are as they were and did not hold all the same: they changed twice. Or nothing was said at all.
    if (blame === undefined || blame.own !== 'none') return 'again';
    const effectIndex = decidingCondition(member.effects, blame.effects);
    if (effectIndex === 'open') return 'again';
    if (effectIndex !== undefined) {
      if (member.effects[effectIndex]?.onConditionFailed !== 'skip') return { kind: 'conditionFailed', effectIndex };
      this.#parts.terms.observer.observe({ type: 'effectsSkipped', coordinates: member.entry.received });
      member.effects = [];
      return 'again';
    }
    if (!blame.effects.includes('invalid')) return 'again';
    const place = blame.effects.indexOf('invalid');
    const error = new StoreError(
      'unstorable',
      `effects[${place}] has another key than its table, or does not fit the stored item`,
    );
    return { kind: 'invalid', error };
  }
}

/** From what gives up least to what gives up most. */
const ways = ['fail', 'reject', 'skip'] as const;

/**
 * Which of the effects whose conditions do not hold decides: the one that gives up least. `open`: one that gives up less has
 * not been looked at, because something that passes stood against it.
 */
function decidingCondition(
  effects: readonly Effect[],
  reasons: readonly CancellationReason[],
): number | 'open' | undefined {
  for (const way of ways) {
    const ofWay = effects.flatMap((effect, index) => (effect.onConditionFailed === way ? [index] : []));
    const deciding = ofWay.find((index) => reasons[index] === 'conditionFailed');
    if (deciding !== undefined) return deciding;
    const isOpen = ofWay.some((index) => reasons[index] === 'conflict' || reasons[index] === 'throttled');
    if (isOpen && reasons.includes('conditionFailed')) return 'open';
  }
  return undefined;
}

function believeRefusal(error: StoreError): { readonly kind: 'invalid' | 'failed'; readonly error: StoreError } {
  return { kind: error.kind === 'unstorable' ? 'invalid' : 'failed', error };
}

const isPassed: MayPass = ({ reasons }) => reasons !== undefined && isPassing(reasons);
