import { lookAhead, storeBatchSize } from '../../core/claim/look-ahead.ts';
import { type Deferred, deferred } from '../run/deferred.ts';
import type { Entry, Prepared, Unit } from '../run/entry.ts';
import type { HandlerPace } from '../run/handler-pace.ts';
import type { Acquired, Wanted } from './acquired.ts';
import type { Acquirer } from './acquirer.ts';
import type { ClaimTerms } from './claim-terms.ts';
import type { Releases } from './releases.ts';
import { isSamePayload } from './same-payload.ts';

/** What a unit learns of its next record. */
export type Taken =
  | Acquired
  /** Another record of this batch with the same idempotency key goes first, until it settles or resigns. */
  | { readonly kind: 'follower'; readonly leader: Entry; readonly resigned: Promise<'resigned'> }
  /** Claimed and given back before it could be taken: its unit was stopped meanwhile. */
  | { readonly kind: 'givenBack' };

/** The one of all records with the same idempotency key that is claimed for. */
interface Lead {
  readonly entry: Entry;
  readonly resigned: Deferred<'resigned'>;
}

export interface ClaimWindowParts {
  readonly terms: ClaimTerms;
  readonly acquirer: Acquirer;
  readonly releases: Releases;
  readonly pace: HandlerPace;
  readonly prepare: (entry: Entry) => Promise<Prepared>;
}

/**
 * Claims records ahead of their handlers, so that claims travel in full batches.
 *
 * Records are claimed in the order in which they are expected to start: the first of each unit, then the second of each.
 * A unit's records behind one that is busy, suspect or failed are given back and not claimed until it goes on: two
 * invocations must never wait for claims that the other holds without working on them. Such records do not go first for
 * others with their key any more either: two units of one batch must not wait for each other's later records.
 */
export class ClaimWindow {
  readonly #parts: ClaimWindowParts;
  readonly #order: readonly Entry[];
  readonly #alone: boolean;
  readonly #slots = new Map<Entry, Deferred<Taken>>();
  readonly #claimed = new Map<Entry, Acquired & { readonly kind: 'claimed' }>();
  readonly #leaders = new Map<string, Lead>();
  readonly #awaited = new Set<Entry>();
  #first = 0;
  #filling: Promise<void> | undefined;

  constructor(units: readonly Unit[], parts: ClaimWindowParts) {
    this.#parts = parts;
    this.#order = units.flatMap((unit) => unit.entries).sort((a, b) => a.index - b.index);
    this.#alone = this.#order.length === 1;
  }

  /** The claim of a unit's next record; the claim is then the caller's to end. */
  async take(entry: Entry): Promise<Taken> {
    const known = this.#slots.get(entry);
    if (known === undefined) this.#awaited.add(entry);
    const slot = known ?? this.#slot(entry);
    this.#fill();
    const taken = await slot.promise;
    this.#claimed.delete(entry);
    this.#fill();
    return taken;
  }

  /** Forgets the answer for a record, so that it can be asked for once more. */
  forget(entry: Entry): void {
    this.#slots.delete(entry);
  }

  /** Gives back what is claimed of a unit beyond `index`, and claims no more of it until `unblock`. */
  async block(unit: Unit, index: number): Promise<void> {
    unit.blockedAt = index;
    const behind = unit.entries.slice(index + 1);
    for (const entry of behind) this.#resign(entry);
    await this.#giveBack(behind);
  }

  unblock(unit: Unit): void {
    unit.blockedAt = undefined;
  }

  /** Gives back all that is claimed and not taken; for when something must run alone, and for the end. */
  async drain(): Promise<void> {
    await this.#filling;
    await this.#giveBack([...this.#claimed.keys()]);
  }

  #fill(): void {
    this.#filling ??= this.#fillUntilEnough().finally(() => {
      this.#filling = undefined;
      // Somebody may have asked between the last look and now.
      if (this.#awaited.size > 0) this.#fill();
    });
  }

  async #fillUntilEnough(): Promise<void> {
    for (let lump = this.#pick(); lump.length > 0; lump = this.#pick()) await this.#claim(lump);
  }

  /** The records to claim next: those waited for, and more ahead once half of the window is used up. */
  #pick(): Entry[] {
    const picked = new Set(this.#awaited);
    this.#awaited.clear();
    const least = picked.size;
    const room = this.#room();
    for (let at = this.#first; at < this.#order.length && picked.size < room; at += 1) {
      const entry = this.#order[at];
      if (entry === undefined) break;
      if (entry.outcome !== undefined || entry.unit.stopped) {
        if (at === this.#first) this.#first += 1;
      } else if (this.#isClaimable(entry)) picked.add(entry);
    }
    return this.#wholeBatches([...picked], least);
  }

  /** How many to claim at once; none while half of the window is still unused, or where claiming ahead is forbidden. */
  #room(): number {
    const { terms, pace } = this.#parts;
    const { maxConcurrency, onUnknownOutcome } = terms.settings;
    if (onUnknownOutcome === 'deadLetter' || !terms.budget.mayStart()) return 0;
    const size = lookAhead({ handlerMs: pace.meanMs, concurrency: maxConcurrency, leaseMs: terms.lease.leaseMs });
    return this.#claimed.size <= size / 2 ? size : 0;
  }

  #isClaimable(entry: Entry): boolean {
    const { blockedAt } = entry.unit;
    return !this.#slots.has(entry) && (blockedAt === undefined || entry.index < blockedAt);
  }

  #wholeBatches(picked: readonly Entry[], least: number): Entry[] {
    const whole = picked.length - (picked.length % storeBatchSize);
    const lump = picked.slice(0, whole === 0 ? picked.length : Math.max(whole, least));
    for (const entry of lump) if (!this.#slots.has(entry)) this.#slot(entry);
    return lump;
  }

  #slot(entry: Entry): Deferred<Taken> {
    const slot = deferred<Taken>();
    this.#slots.set(entry, slot);
    return slot;
  }

  async #claim(lump: readonly Entry[]): Promise<void> {
    const preparing = Promise.all(lump.map((entry) => this.#prepared(entry)));
    const prepared = await Promise.race([preparing, this.#parts.terms.budget.hardStop]);
    if (prepared === 'hardStop') {
      // A decoder that never settles has no effect to protect; its record is delivered again.
      for (const entry of lump) this.#slots.get(entry)?.resolve({ kind: 'noTime' });
      return;
    }
    const wanted = prepared.filter((one) => this.#leads(one));
    const acquired = await this.#parts.acquirer.acquire(wanted, this.#alone);
    wanted.forEach(({ entry }, index) => {
      const result = acquired[index];
      if (result?.kind !== 'claimed' && result?.kind !== 'duplicate') blockBehind(entry);
    });
    const unwanted: Entry[] = [];
    wanted.forEach(({ entry }, index) => {
      const result = acquired[index] ?? { kind: 'noTime' };
      if (result.kind === 'claimed') this.#claimed.set(entry, result);
      if (result.kind === 'claimed' && isBehindBlock(entry)) unwanted.push(entry);
      else this.#slots.get(entry)?.resolve(result);
      if (isBehindBlock(entry)) this.#resign(entry);
    });
    // Somebody may wait for it all the same: a unit is stopped by an earlier record while it waits for its next.
    for (const entry of unwanted) this.#slots.get(entry)?.resolve({ kind: 'givenBack' });
    await this.#giveBack(unwanted);
  }

  async #prepared(entry: Entry): Promise<Wanted> {
    const prepared = entry.prepared ?? (await this.#parts.prepare(entry));
    entry.prepared = prepared;
    return { entry, prepared };
  }

  /** One idempotency key twice in a batch is one claim: the second follows the first, unless the first came to nothing. */
  #leads({ entry, prepared }: Wanted): boolean {
    const lead = this.#leaders.get(prepared.idempotencyKey);
    if (lead?.entry === entry) return true;
    if (lead === undefined || (lead.entry.outcome !== undefined && !sharesEffect(lead.entry, prepared))) {
      this.#leaders.set(prepared.idempotencyKey, { entry, resigned: deferred() });
      return true;
    }
    this.#slots.get(entry)?.resolve({ kind: 'follower', leader: lead.entry, resigned: lead.resigned.promise });
    return false;
  }

  /** Lets others with its key claim for themselves: it is not being worked on, and nobody knows when it will be. */
  #resign(entry: Entry): void {
    if (entry.prepared === undefined || entry.started || entry.outcome !== undefined) return;
    const lead = this.#leaders.get(entry.prepared.idempotencyKey);
    if (lead?.entry !== entry) return;
    this.#leaders.delete(entry.prepared.idempotencyKey);
    lead.resigned.resolve('resigned');
  }

  async #giveBack(entries: readonly Entry[]): Promise<void> {
    await Promise.all(
      entries.map(async (entry) => {
        const held = this.#claimed.get(entry);
        if (held === undefined) return;
        this.#claimed.delete(entry);
        this.#slots.delete(entry);
        this.#resign(entry);
        await this.#parts.releases.giveBack(held.claim);
      }),
    );
  }
}

/** Whether what became of a record proves that another one with its key took effect: the outcome, and an equal payload. */
export function sharesEffect(leader: Entry, { fingerprint }: Prepared): boolean {
  if (leader.wasDeadLettered || (leader.outcome !== 'handled' && leader.outcome !== 'duplicate')) return false;
  return isSamePayload(fingerprint, leader.prepared?.fingerprint);
}

function blockBehind({ unit, index }: Entry): void {
  unit.blockedAt = Math.min(unit.blockedAt ?? index, index);
}

function isBehindBlock({ unit, index }: Entry): boolean {
  return unit.stopped || (unit.blockedAt !== undefined && index > unit.blockedAt);
}
