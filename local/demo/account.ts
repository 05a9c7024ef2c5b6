import { formatCoordinates } from '../../lib/core/coordinates.ts';
import type { FoundLetter } from './dead-letter-queue.ts';
import type { ChargeRequest, Phase } from './ledger.ts';
import type { StoredRecord } from './topic.ts';
import type { Window } from './unconfirmed-charges.ts';

/** What broker, queue, ledger and table have to say. */
export interface Evidence {
  readonly records: readonly StoredRecord[];
  readonly requests: readonly ChargeRequest[];
  /** Letters found before everything was delivered again. */
  readonly letters: readonly FoundLetter[];
  /** Letters found after it. */
  readonly lateLetters: readonly FoundLetter[];
  /** Completed markers of charges; undefined for a run without the store. */
  readonly completedCharges: number | undefined;
  /** What was charged and unconfirmed when handlers came to an end. */
  readonly windows: readonly Window[];
}

/** The reckoning of a run. */
export interface Account {
  readonly records: number;
  readonly handled: number;
  /** Records that took no effect of their own. */
  readonly duplicates: number;
  readonly deadLettered: number;
  /** Orders that the topic asks to charge. */
  readonly orders: number;
  readonly charges: number;
  readonly gatewayRequests: number;
  /** Requests of phase 1 that the gateway recognised by their idempotency key. */
  readonly absorbedByGateway: number;
  /** Records with neither a charge nor a dead letter. */
  readonly lost: number;
  /** Orders that ended as dead letters. */
  readonly deadLetteredOrders: number;
  /** Second charges in phase 1, … in phase 2, … when everything was delivered again. */
  readonly doubled: number;
  readonly repeatedInWindow: number;
  readonly repeatedAtRedelivery: number;
  /** Charges of phase 2 that were not confirmed at a disturbance: a kill, or the cut. */
  readonly windowBound: number;
  /** Those that were not when an answer named their records as not done: leases that a machine starved. Mostly 0. */
  readonly unconfirmedAtAnswers: number;
  /** Second charges of phase 2 that no window explains. */
  readonly repeatedOutsideWindow: number;
  /** Requests and letters, new ones, that came of delivering everything again. */
  readonly effectsAtRedelivery: number;
}

/** Reckons up what a run did. */
export function account(evidence: Evidence): Account {
  const { records, requests, letters, lateLetters, windows } = evidence;
  const charged = new Set(requests.map(({ reference }) => reference));
  const lettered = new Set(letters.map(formatCoordinates));
  const isOrder = ({ what }: StoredRecord): boolean => what.kind === 'order' || what.kind === 'withoutId';
  const references = records.flatMap(({ what }) => ('reference' in what ? [what.reference] : []));
  const isCharged = ({ what }: StoredRecord): boolean => 'reference' in what && charged.has(what.reference);
  const handled = evidence.completedCharges ?? charged.size;
  const repeats = repeatedCharges(requests);
  const inPhase = (phase: Phase): ChargeRequest[] => repeats.filter((repeat) => repeat.phase === phase);
  const counted = windows.filter(({ phase }) => phase === 2);
  const unconfirmedAt = (at: Window['cause']): readonly string[] =>
    counted.flatMap(({ cause, references: found }) => (cause === at ? found : []));
  const [atDisturbances, atAnswers] = [unconfirmedAt('disturbance'), unconfirmedAt('answer')];
  return {
    records: records.length,
    handled,
    duplicates: records.length - handled - lettered.size,
    deadLettered: lettered.size,
    orders: new Set(references).size,
    charges: requests.filter((request) => request.charged).length,
    gatewayRequests: requests.length,
    absorbedByGateway: requests.filter((request) => !request.charged).length,
    lost: records.filter((record) => !isCharged(record) && !lettered.has(formatCoordinates(record))).length,
    deadLetteredOrders: records.filter((record) => isOrder(record) && lettered.has(formatCoordinates(record))).length,
    doubled: inPhase(1).length,
    repeatedInWindow: inPhase(2).length,
    repeatedAtRedelivery: inPhase(3).length,
    windowBound: atDisturbances.length,
    unconfirmedAtAnswers: atAnswers.length,
    repeatedOutsideWindow: unexplained(inPhase(2), [...atDisturbances, ...atAnswers]),
    effectsAtRedelivery: requests.filter(({ phase }) => phase === 3).length + lateLetters.length,
  };
}

/** The charges of orders that had been charged before. */
function repeatedCharges(requests: readonly ChargeRequest[]): readonly ChargeRequest[] {
  const charged = new Set<string>();
  return requests.filter((request) => {
    if (!request.charged) return false;
    const isRepeat = charged.has(request.reference);
    charged.add(request.reference);
    return isRepeat;
  });
}

/** Each window explains one repetition of an order that it held. */
function unexplained(repeats: readonly ChargeRequest[], excused: readonly string[]): number {
  const left = new Map<string, number>();
  for (const reference of excused) left.set(reference, (left.get(reference) ?? 0) + 1);
  return repeats.filter(({ reference }) => {
    const excuses = left.get(reference) ?? 0;
    left.set(reference, excuses - 1);
    return excuses <= 0;
  }).length;
}

/** What a run should have kept and did not, in words; empty when all is well. */
export function broken(result: Account, run: { readonly kills: number; readonly droppedRecords: number }): string[] {
  const faults: [boolean, string][] = [
    [result.lost > 0, `${result.lost} records were lost`],
    [run.droppedRecords > 0, `the event source mapping gave up ${run.droppedRecords} records`],
    [result.doubled > 0, `${result.doubled} second charges although the gateway honours the idempotency key`],
    [
      result.repeatedInWindow > result.windowBound + result.unconfirmedAtAnswers,
      `${result.repeatedInWindow} second charges, more than the ${result.windowBound + result.unconfirmedAtAnswers} that were unconfirmed`,
    ],
    [
      // Now and then a lease is lost; a function that leaves behind more than its kills do does not confirm what it did.
      result.unconfirmedAtAnswers > result.windowBound,
      `${result.unconfirmedAtAnswers} charges were unconfirmed at answers, and ${result.windowBound} at kills and cuts`,
    ],
    [result.repeatedOutsideWindow > 0, `${result.repeatedOutsideWindow} second charges of orders outside the window`],
    [
      result.effectsAtRedelivery > 0,
      `${result.effectsAtRedelivery} requests and dead letters when everything was delivered again`,
    ],
    [run.kills < 5, `only ${run.kills} kills hit an invocation, and 5 are needed`],
  ];
  return faults.flatMap(([isBroken, text]) => (isBroken ? [text] : []));
}
