import { formatCoordinates } from '../../core/coordinates.ts';
import { AttemptsExhaustedError, KeyHeldError } from '../../core/errors/errors.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { Acquired, Wanted } from '../claims/acquired.ts';
import { Acquirer } from '../claims/acquirer.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { Entry, Prepared } from '../run/entry.ts';
import type { RecordEndings } from '../run/record-endings.ts';
import type { HandlerResult } from '../run/run-handler.ts';
import type { SharedParts } from '../run/shared-parts.ts';
import { wait } from '../run/wait.ts';

/**
 * Ends records that failed in a mode without claims, by claiming them first.
 *
 * The claim is the read without which no failure is believed: a record that took effect before is met as a duplicate. It
 * counts the attempt, and it keeps others from committing the record while it is made a dead letter.
 */
export class FailedRecords {
  readonly #parts: SharedParts;
  readonly #endings: RecordEndings;
  readonly #acquirer: Acquirer;
  readonly #isStillUndone: (entry: Entry) => Promise<boolean>;

  /**
   * @param isStillUndone asked when a claim had to be waited for, where a claim does not say whether the record is done; if it is, or
   *   nobody knows, the answer is false and the record is dealt with.
   */
  constructor(
    parts: SharedParts,
    endings: RecordEndings,
    isStillUndone: (entry: Entry) => Promise<boolean> = () => Promise.resolve(true),
  ) {
    this.#parts = parts;
    this.#isStillUndone = isStillUndone;
    // What ran until it was told to stop has failed when nothing may be started any more, and counts all the same.
    this.#acquirer = new Acquirer({ ...parts, until: 'answering' });
    this.#endings = endings;
  }

  /** After the handler threw, or its effects were refused for good. */
  async fail(entry: Entry, prepared: Prepared, thrown: HandlerResult & { readonly kind: 'threw' }): Promise<void> {
    const claim = await this.#claim(entry, prepared, thrown);
    if (claim !== undefined) await this.#endings.fail(claim, thrown);
  }

  /** A record whose Kafka key is held after a dead letter. */
  async putAside(entry: Entry, prepared: Prepared): Promise<void> {
    const claim = await this.#claim(entry, prepared, undefined);
    if (claim === undefined) return;
    const error = new KeyHeldError('an earlier record of this Kafka key is a dead letter');
    await this.#endings.giveUp({ entry, prepared, claim, reason: 'keyHeld', error });
  }

  /** A record whose handler ended the process. True: that is counted as an attempt, and it may be called again. */
  async count(entry: Entry, prepared: Prepared): Promise<boolean> {
    const claim = await this.#claim(entry, prepared, undefined);
    if (claim === undefined) return false;
    const { attempts } = claim;
    const { giveUp, deadLetters, releases, terms } = this.#parts;
    const message = `${formatCoordinates(entry.received)}: its handler ended the process: attempt ${attempts}`;
    terms.observer.observe({ type: 'warning', message });
    if (deadLetters !== undefined && attempts >= giveUp.maxAttempts) {
      const error = new AttemptsExhaustedError(`the last of ${attempts} attempts ended the process`);
      await this.#endings.giveUp({ entry, prepared, claim, reason: 'attemptsExhausted', error });
      return false;
    }
    await releases.afterFailure(claim, attempts);
    return true;
  }

  async #claim(
    entry: Entry,
    prepared: Prepared,
    thrown: (HandlerResult & { readonly kind: 'threw' }) | undefined,
  ): Promise<HeldClaim | undefined> {
    const { acquired, hasWaited } = await this.#acquire({ entry, prepared });
    switch (acquired?.kind) {
      case 'claimed':
        if (!hasWaited || (await this.#isStillUndone(entry))) return acquired.claim;
        await this.#parts.releases.giveBack(acquired.claim);
        return undefined;
      case 'duplicate':
        await this.#endings.duplicate(entry);
        return undefined;
      case 'mismatch':
        await this.#endings.mismatch(entry);
        return undefined;
      case 'busy':
        this.#endings.stop(entry, 'busy', thrown?.error, undefined, thrown?.durationMs);
        return undefined;
      case 'failed':
        this.#endings.stop(entry, 'failed', acquired.error);
        return undefined;
      default:
        this.#endings.stop(entry, 'failed', thrown?.error, undefined, thrown?.durationMs);
        return undefined;
    }
  }

  /** Somebody else for whom it failed may hold the claim, or have died with it: that is waited for while there is time. */
  async #acquire(wanted: Wanted): Promise<{ readonly acquired: Acquired | undefined; readonly hasWaited: boolean }> {
    const { clock, randomness, budget } = this.#parts.terms;
    for (let waits = 0; ; waits += 1) {
      // Nothing else of the record is under way here, so it may take the place of whoever died at it.
      const [acquired] = await this.#acquirer.acquire([wanted], true);
      const hasWaited = waits > 0;
      if (acquired?.kind !== 'busy') return { acquired, hasWaited };
      const untilFreeMs = Math.max(1, acquired.freeAtMs - clock.nowMs() + 1);
      const delayMs = Math.min(untilFreeMs, backoffMs(waits, randomness.fraction()));
      if (!(await wait(clock, delayMs, budget.starting))) return { acquired, hasWaited };
    }
  }
}
