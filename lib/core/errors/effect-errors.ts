import { type Coordinates, formatCoordinates } from '../coordinates.ts';
import { UnprocessableRecordError } from './errors.ts';

/** Which effect of which record an error speaks of. */
export interface EffectPlace {
  readonly record: Coordinates;
  /** Its place among the effects of the record, from 0. */
  readonly index: number;
  /** The kind of the effect, or the method of `effects` that was called. */
  readonly kind: string;
  readonly table: string;
}

const longestProperty = 200;

/** `orders-3@42: effects[2] (put "Orders")`. */
function format({ record, index, kind, table }: EffectPlace): string {
  return `${formatCoordinates(record)}: effects[${index}] (${kind} ${JSON.stringify(table)})`;
}

/** An effect that the handler gave cannot be carried out by any table, whenever it is tried. Not retryable. */
export class EffectError extends UnprocessableRecordError {
  override readonly name: string = 'EffectError';
  /** What is wrong, as a path: `item.lines[0].price`; empty where it is the effect as a whole. */
  readonly property: string;
  readonly index: number;
  readonly kind: string;
  readonly table: string;

  constructor(place: EffectPlace, property: string, problem: string) {
    super(`${format(place)}: ${property === '' ? '' : `${property.slice(0, longestProperty)}: `}${problem}`);
    this.property = property;
    this.index = place.index;
    this.kind = place.kind;
    this.table = place.table;
  }
}

/** The effects of a record, or one of them, are more than one DynamoDB transaction takes. Not retryable. */
export class EffectLimitError extends EffectError {
  override readonly name = 'EffectLimitError';
}

/**
 * An effect was added after the handler returned, when its record may be committed already: a bug of the handler, which
 * does not wait for all that it started.
 */
export class EffectsClosedError extends Error {
  override readonly name = 'EffectsClosedError';

  constructor(place: EffectPlace) {
    super(`${format(place)}: added after the handler returned; await everything that adds effects`);
  }
}

/** The condition of an effect does not hold, and the record did not take effect before. Retryable. */
export class EffectConditionFailedError extends Error {
  override readonly name = 'EffectConditionFailedError';
  readonly index: number;

  constructor(place: EffectPlace) {
    super(`${format(place)}: its condition does not hold (onConditionFailed: 'skip' or 'reject' would not try again)`);
    this.index = place.index;
  }
}

/** The same under `onConditionFailed: 'reject'`. Not retryable. */
export class EffectConditionRejectedError extends UnprocessableRecordError {
  override readonly name = 'EffectConditionRejectedError';
  readonly index: number;

  constructor(place: EffectPlace) {
    super(`${format(place)}: its condition does not hold (onConditionFailed is 'reject')`);
    this.index = place.index;
  }
}
