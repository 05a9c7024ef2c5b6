import type { Effect } from '../../core/effects/effect.ts';
import type { Entry } from '../run/entry.ts';
import type { Ended, Member } from './member.ts';

/** The position turned out to be another one: what lies below it is done, by whomever. */
export type Moved = 'moved';

/** A record on its way to the commit of its effects and of the position behind it. */
export class PositionMember implements Member<Moved> {
  readonly entry: Entry;
  effects: readonly Effect[];
  readonly #settle: (ended: Ended<Moved>) => Promise<boolean>;
  alone = false;
  mostTogether: number = Number.POSITIVE_INFINITY;

  constructor(entry: Entry, effects: readonly Effect[], settle: (ended: Ended<Moved>) => Promise<boolean>) {
    this.entry = entry;
    this.effects = effects;
    this.#settle = settle;
  }

  settle(ended: Ended<Moved>): Promise<boolean> {
    return this.#settle(ended);
  }
}
