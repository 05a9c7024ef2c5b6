import { formatCoordinates } from '../../core/coordinates.ts';
import type { Cancel } from '../../ports/clock.ts';
import type { CommitResult, CommitStore } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import type { Unit } from '../run/entry.ts';
import { blameOf, isBlamed, isPassing } from './blame.ts';
import type { CommitMode } from './commit-mode.ts';
import { composeGroup, mostActions } from './compose-group.ts';
import type { Expectation } from './expectation.ts';
import { Identities } from './identities.ts';
import { Lane } from './lane.ts';
import type { Ended, Member } from './member.ts';
import { type MayPass, sendCommit } from './send-commit.ts';
import { SingleCommit } from './single-commit.ts';

/** Commits on their way at a time. */
const mostInFlight = 8;
/** How long a commit waits for company that may come. */
const lingerMs = 4;
/** Times that a group is repeated as it is when it is throttled; then whoever is to blame goes alone. */
const mostThrottled = 3;

export interface GroupCommitParts<Reviewed, M extends Member<Reviewed>> {
  readonly terms: ClaimTerms;
  readonly store: CommitStore;
  readonly mode: CommitMode<Reviewed, M>;
  readonly expectation: Expectation;
}

/**
 * Commits handled records, as many together as one transaction takes.
 *
 * A group is sent when it is full, when no unit can bring more, or after a few milliseconds. When it is refused, the
 * members that the store blames leave it and commit alone, the others together again; a refusal that blames nobody halves
 * it. Members of a unit commit in order: while some are on their way, those behind them wait, and after one that is not done
 * they are dropped.
 */
export class GroupCommit<Reviewed, M extends Member<Reviewed>> {
  readonly #parts: GroupCommitParts<Reviewed, M>;
  readonly #single: SingleCommit<Reviewed, M>;
  readonly #lanes = new Map<Unit, Lane<M>>();
  readonly #settled = new Map<M, () => void>();
  readonly #touched = new Identities();
  readonly #inFlight = { single: 0, group: 0 };
  /** Of members that wait: below a full group there is no need to look for one. */
  #queuedWrites = 0;
  #linger: Cancel | undefined;

  constructor(parts: GroupCommitParts<Reviewed, M>) {
    this.#parts = parts;
    this.#single = new SingleCommit(parts);
    parts.expectation.onNone = () => this.#pump(true);
  }

  /** Resolves when the member is settled. Never rejects unless `settle` does. */
  offer(member: M): Promise<void> {
    const { unit } = member.entry;
    const lane = this.#lanes.get(unit) ?? new Lane<M>(unit);
    this.#lanes.set(unit, lane);
    if (lane.isBroken) return member.settle({ kind: 'dropped' }).then(() => undefined);
    lane.queue.push(member);
    this.#queuedWrites += writesOf(member);
    this.#touched.learn(member.effects);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled.set(member, resolve);
    this.#pump(!this.#parts.expectation.isAny);
    return promise;
  }

  /** Commits a record of a unit that has nothing else on its way, at once and alone. */
  now(member: M): Promise<Ended<Reviewed>> {
    return this.#single.commit(member);
  }

  /** Lets a unit commit again after a member that was not done; nothing of it may be on its way. */
  reopen(unit: Unit): void {
    this.#lanes.delete(unit);
  }

  /** Sends what is to be sent: full groups, and others too if there is nothing to wait for. */
  #pump(isEnough: boolean): void {
    while (this.#inFlight.group < mostInFlight) {
      if (!isEnough && this.#queuedWrites < mostActions) {
        this.#lingerOn();
        return;
      }
      const ready = [...this.#lanes.values()].filter((lane) => !lane.isBusy).map((lane) => lane.queue);
      const { extraWrite } = this.#parts.mode;
      // Whoever is decided alone may have to wait for somebody: the others have places of their own.
      const mayBeAlone = this.#inFlight.single < mostInFlight;
      const { members, isFull } = composeGroup<M>(ready, { extraWrite, inFlight: this.#touched, mayBeAlone });
      if (members.length === 0) return;
      if (!isFull && !isEnough) {
        this.#lingerOn();
        return;
      }
      this.#linger?.();
      this.#linger = undefined;
      void this.#send(members);
    }
  }

  #lingerOn(): void {
    if (this.#queuedWrites === 0) return;
    this.#linger ??= this.#parts.terms.clock.schedule(lingerMs, () => {
      this.#linger = undefined;
      this.#pump(true);
    });
  }

  async #send(members: readonly M[]): Promise<void> {
    const lanes = new Set(members.map((member) => this.#laneOf(member)));
    for (const lane of lanes) {
      lane.isBusy = true;
      lane.queue.splice(0, members.filter((member) => this.#laneOf(member) === lane).length);
    }
    for (const member of members) this.#queuedWrites -= writesOf(member);
    const touched = this.#touched.add(members.flatMap((member) => member.effects));
    const kind = members.length === 1 ? 'single' : 'group';
    this.#inFlight[kind] += 1;
    const act = await this.#answer(members);
    this.#inFlight[kind] -= 1;
    this.#touched.remove(touched);
    // Others need not wait until these are settled: that may take a claim and a dead letter.
    this.#pump(!this.#parts.expectation.isAny);
    const again = await act();
    for (const member of again.toReversed()) {
      this.#queuedWrites += writesOf(member);
      this.#laneOf(member).queue.unshift(member);
    }
    for (const lane of lanes) {
      lane.isBusy = false;
      const isOver = lane.queue.length === 0 && !lane.isBroken && this.#lanes.get(lane.unit) === lane;
      if (isOver) this.#lanes.delete(lane.unit);
    }
    this.#pump(!this.#parts.expectation.isAny);
  }

  /** Asks the store; what is to be done about its answer comes afterwards. */
  async #answer(members: readonly M[]): Promise<() => Promise<readonly M[]>> {
    const [only] = members;
    try {
      if (members.length === 1 && only !== undefined) {
        const ended = await this.#single.commit(only);
        return async () => {
          await this.#settle(only, ended);
          return [];
        };
      }
      const { terms, store, mode } = this.#parts;
      const result = await sendCommit(terms, store, mode.writesOf(members), isThrottled);
      return () => this.#act(members, result);
    } catch (cause) {
      const error = new StoreError('unavailable', 'commit: its answer could not be understood', { cause });
      return () => this.#act(members, { kind: 'failed', error });
    }
  }

  /** Acts on the answer to a group; returns the members that are to be sent again. */
  async #act(members: readonly M[], result: CommitResult): Promise<readonly M[]> {
    switch (result.kind) {
      case 'committed':
        this.#parts.mode.committed(members);
        await this.#settleAll(members, { kind: 'committed' });
        return [];
      case 'failed':
        await this.#settleAll(members, result);
        return [];
      case 'refused':
        return halved(members);
      case 'cancelled': {
        const blames = result.reasons && blameOf(members, this.#parts.mode.extraWrite, result.reasons);
        const blamed = members.filter((_member, index) => {
          const blame = blames?.[index];
          return blame !== undefined && isBlamed(blame);
        });
        if (blamed.length === 0) return halved(members);
        for (const member of blamed) member.alone = true;
        return members;
      }
    }
  }

  /** Each unit's members in order; after one that is not done the rest are dropped. */
  async #settleAll(members: readonly M[], ended: Ended<Reviewed>): Promise<void> {
    const byUnit = Map.groupBy(members, (member) => member.entry.unit);
    await Promise.all(
      [...byUnit.values()].map(async (ofUnit) => {
        for (const member of ofUnit) await this.#settle(member, ended);
      }),
    );
  }

  async #settle(member: M, ended: Ended<Reviewed>): Promise<void> {
    const lane = this.#laneOf(member);
    const isDone = await this.#end(member, lane.isBroken ? { kind: 'dropped' } : ended);
    this.#settled.get(member)?.();
    this.#settled.delete(member);
    if (isDone) return;
    lane.isBroken = true;
    for (const behind of lane.queue.splice(0)) {
      this.#queuedWrites -= writesOf(behind);
      await this.#settle(behind, { kind: 'dropped' });
    }
    if (this.#queuedWrites > 0) return;
    this.#linger?.();
    this.#linger = undefined;
  }

  /** A member that cannot even be ended is undone: nothing behind it may pass it, and nothing of its unit may start. */
  async #end(member: M, ended: Ended<Reviewed>): Promise<boolean> {
    try {
      return await member.settle(ended);
    } catch {
      const { unit, received } = member.entry;
      unit.stopped = true;
      const message = `${formatCoordinates(received)}: could not be settled`;
      this.#parts.terms.observer.observe({ type: 'warning', message });
      return false;
    }
  }

  #laneOf(member: M): Lane<M> {
    const lane = this.#lanes.get(member.entry.unit);
    if (lane === undefined) throw new Error('a member has no lane');
    return lane;
  }
}

/** At most: its effects, and its mark or its unit's position. */
function writesOf({ effects }: Member<never>): number {
  return effects.length + 1;
}

/** Nobody is to blame, so it may be the size of the group or one of its members: halves find out. */
function halved<M extends Member<never>>(members: readonly M[]): readonly M[] {
  for (const member of members) member.mostTogether = Math.max(1, Math.floor(members.length / 2));
  return members;
}

/** A conflict concerns some members; throttling may be everybody's, and to send them one by one would make it worse. */
const isThrottled: MayPass = ({ reasons }, tries) =>
  tries < mostThrottled && reasons !== undefined && isPassing(reasons) && reasons.includes('throttled');
