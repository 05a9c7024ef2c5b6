import type { Unit } from '../run/entry.ts';

/** The members of one ordering unit that wait for their commit, in order. */
export class Lane<M> {
  readonly unit: Unit;
  readonly queue: M[] = [];
  /** Some of its members are on their way: those behind have to wait, or order would be lost. */
  isBusy = false;
  /** One of its members is not done: those behind it are dropped. */
  isBroken = false;

  constructor(unit: Unit) {
    this.unit = unit;
  }
}
