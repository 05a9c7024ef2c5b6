import { judgeMarker } from '../../core/claim/judge-marker.ts';
import type { Marker } from '../../core/claim/marker.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { ReadResult } from '../../ports/idempotency-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { isSamePayload } from '../claims/same-payload.ts';
import { callStore } from '../claims/store-failure.ts';
import type { Entry, Prepared, Unit } from '../run/entry.ts';
import { Gather } from '../run/gather.ts';
import type { SharedParts } from '../run/shared-parts.ts';
import { Slots } from '../run/slots.ts';
import { wait } from '../run/wait.ts';
import type { Looked } from './looked.ts';

const keysARead = 100;
const readsInFlight = 8;
const gatherMs = 4;

/**
 * Reads the markers of records, consistently and ahead of their turn, and says what they mean where nothing is claimed.
 *
 * What was read ahead may be out of date when the turn comes: that saves no effect and costs none, since marks and commits
 * are conditional on the marker that was seen. A marker with an owner whose lease is over stands in nobody's way here: an effect
 * of these modes is there if, and only if, it is marked.
 */
export class MarkerLooks {
  readonly #parts: SharedParts;
  readonly #ahead = new Map<Entry, Promise<Looked>>();
  /** Read ahead for nothing, and perhaps still on their way. */
  readonly #outOfDate: Promise<Looked>[] = [];
  readonly #preparing = new Map<Entry, Promise<Prepared>>();
  readonly #reads: Gather<string, ReadResult>;
  readonly #slots = new Slots(readsInFlight);

  constructor(units: readonly Unit[], parts: SharedParts) {
    this.#parts = parts;
    this.#reads = new Gather({
      clock: parts.terms.clock,
      size: keysARead,
      delayMs: gatherMs,
      send: (keys) => this.#read(keys),
    });
    const inOrder = units.flatMap((unit) => unit.entries).sort((a, b) => a.index - b.index);
    let unprepared = inOrder.length;
    for (const entry of inOrder) {
      const asked = (): void => {
        unprepared -= 1;
        if (unprepared === 0) this.#reads.flush();
      };
      this.#ahead.set(entry, this.#lookAhead(entry, asked));
    }
  }

  /** The record, made ready; its `prepared` is set afterwards. */
  prepared(entry: Entry): Promise<Prepared> {
    const known = this.#preparing.get(entry);
    if (known !== undefined) return known;
    const preparing = this.#parts.prepare(entry).then((prepared) => {
      entry.prepared = prepared;
      return prepared;
    });
    this.#preparing.set(entry, preparing);
    return preparing;
  }

  /** What was read ahead, left for `take`; undefined when it was taken. */
  async peek(entry: Entry): Promise<Looked | undefined> {
    return await this.#ahead.get(entry);
  }

  /** What was read ahead, the first time, and what the markers say now after that; an outage is waited out while something may be started. */
  async take(entry: Entry): Promise<Looked> {
    const ahead = this.#ahead.get(entry);
    this.#ahead.delete(entry);
    const { clock, randomness, budget } = this.#parts.terms;
    let looked = await (ahead ?? this.#look(entry));
    for (let failures = 1; looked.kind === 'failed' && looked.error.kind === 'unavailable'; failures += 1) {
      if (!(await wait(clock, backoffMs(failures, randomness.fraction()), budget.starting))) break;
      looked = await this.#look(entry);
    }
    return looked;
  }

  /** What the markers say now. */
  async fresh(entry: Entry): Promise<Looked> {
    const ahead = this.#ahead.get(entry);
    if (ahead !== undefined) this.#outOfDate.push(ahead);
    this.#ahead.delete(entry);
    return await this.take(entry);
  }

  /** Resolves when nothing that was read ahead is on its way any more. */
  async drain(): Promise<void> {
    const ahead = [...this.#ahead.values(), ...this.#outOfDate];
    await Promise.race([Promise.all(ahead), this.#parts.terms.budget.hardStop]);
  }

  async #lookAhead(entry: Entry, asked: () => void): Promise<Looked> {
    await this.prepared(entry);
    if (!entry.unit.stopped) return await this.#look(entry, asked);
    asked();
    return notRead;
  }

  async #look(entry: Entry, asked: () => void = () => undefined): Promise<Looked> {
    const prepared = await this.prepared(entry);
    const { cache, terms } = this.#parts;
    const remembered = cache.recall(prepared.idempotencyKey, terms.clock.nowMs());
    if (remembered !== undefined && isSamePayload(prepared.fingerprint, remembered.fingerprint)) {
      asked();
      return { kind: 'duplicate' };
    }
    const reading = this.#reads.add(prepared.idempotencyKey);
    asked();
    const result = await reading;
    if (result.kind === 'failed') return result;
    return result.marker === undefined
      ? { kind: 'free', seen: undefined }
      : await this.#judge(entry, prepared, result.marker);
  }

  async #judge(entry: Entry, prepared: Prepared, marker: Marker): Promise<Looked> {
    const judged = this.#judgement(marker);
    if (judged.kind === 'busy') return judged;
    const isCompleted = judged.kind === 'completed';
    if (isCompleted && isSamePayload(prepared.fingerprint, marker.fingerprint)) {
      const { expiresAtSeconds, fingerprint } = marker;
      this.#parts.cache.remember(prepared.idempotencyKey, { expiresAtSeconds, fingerprint });
      return { kind: 'duplicate' };
    }
    // A dead-lettered record is marked under its coordinates.
    if (prepared.keyKind === 'businessId') {
      const own = await this.#reads.add(prepared.coordinatesKey);
      if (own.kind === 'failed') return own;
      if (own.marker !== undefined && this.#judgement(own.marker).kind === 'completed') {
        entry.wasDeadLettered = true;
        return { kind: 'duplicate' };
      }
    }
    return isCompleted ? { kind: 'mismatch' } : { kind: 'free', seen: marker };
  }

  #judgement(marker: Marker): ReturnType<typeof judgeMarker> {
    const { clock, settings } = this.#parts.terms;
    return judgeMarker(marker, { owner: '', nowMs: clock.nowMs(), clockSkewMs: settings.clockSkewMs });
  }

  async #read(keys: readonly string[]): Promise<readonly ReadResult[]> {
    const { terms } = this.#parts;
    const once = [...new Set(keys)];
    await this.#slots.take();
    try {
      const call = { signal: terms.budget.answering };
      const results = await callStore('read', once.length, () => terms.store.read(once, call), terms);
      const byKey = new Map(once.map((key, index) => [key, results[index]]));
      return keys.map((key) => byKey.get(key) ?? unread);
    } finally {
      this.#slots.giveBack();
    }
  }
}

const notRead: Looked = { kind: 'failed', error: new StoreError('unavailable', 'read: not needed any more') };
const unread: ReadResult = { kind: 'failed', error: new StoreError('unavailable', 'read: no result for a key') };
