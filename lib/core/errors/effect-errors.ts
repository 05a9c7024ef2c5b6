import { type Coordinates, formatCoordinates } from '../coordinates.ts';
import { isTableName } from '../effects/table-name.ts';
import { UnprocessableRecordError } from './errors.ts';
import { sayInLogs } from './log-text.ts';

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
function format(place: EffectPlace): string {
  return `${formatCoordinates(place.record)}: ${formatEffect(place)}`;
}

function formatEffect({ index, kind, table }: EffectPlace): string {
  return `effects[${index}] (${kind} ${JSON.stringify(table)})`;
}

/** The same for logs: what is no name of a table may be anything. */
function formatForLogs(place: EffectPlace): string {
  return formatEffect({ ...place, table: isTableName(place.table) ? place.table : '' });
}

/** Names of members that are ours or DynamoDB's; any other one may be a record's. */
const loggableMembers: ReadonlySet<string> = new Set([
  ...['item', 'key', 'update', 'condition', 'names', 'values', 'onConditionFailed', 'effects'],
  ...['attribute', 'from', 'to', 'version', 'Put', 'Update', 'Delete', 'ConditionCheck'],
]);

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
    const [member = ''] = property.split(/[.[]/);
    sayInLogs(this, `${formatForLogs(place)}: ${loggableMembers.has(member) ? `${member}: ` : ''}${problem}`);
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
    const problem = 'added after the handler returned; await everything that adds effects';
    super(`${format(place)}: ${problem}`);
    sayInLogs(this, `${formatForLogs(place)}: ${problem}`);
  }
}

/** The condition of an effect does not hold, and the record did not take effect before. Retryable. */
export class EffectConditionFailedError extends Error {
  override readonly name = 'EffectConditionFailedError';
  readonly index: number;

  constructor(place: EffectPlace) {
    super(`${format(place)}: its condition does not hold (onConditionFailed: 'skip' or 'reject' would not try again)`);
    this.index = place.index;
    sayInLogs(this, `${formatForLogs(place)}: its condition does not hold`);
  }
}

/** The same under `onConditionFailed: 'reject'`. Not retryable. */
export class EffectConditionRejectedError extends UnprocessableRecordError {
  override readonly name = 'EffectConditionRejectedError';
  readonly index: number;

  constructor(place: EffectPlace) {
    super(`${format(place)}: its condition does not hold (onConditionFailed is 'reject')`);
    this.index = place.index;
    sayInLogs(this, `${formatForLogs(place)}: its condition does not hold`);
  }
}

/**
 * DynamoDB does not take the effects of a record, whenever they are tried. Not retryable. Its own words are in the causes, which
 * stand in the dead letter and in no log.
 */
export class UnwritableEffectsError extends UnprocessableRecordError {
  override readonly name = 'UnwritableEffectsError';

  constructor(record: Coordinates, refusal: Error) {
    super(`${formatCoordinates(record)}: its effects cannot be written: ${refusal.message}`, { cause: refusal });
    sayInLogs(this, refusal.message);
  }
}

/** An effect names no table: sooner a missing environment variable than a fault of the record. Retryable. */
export class EffectTableError extends Error {
  override readonly name = 'EffectTableError';

  /** @param property where the table is named: `table`, or `Put.TableName`. */
  constructor(place: EffectPlace, property: string) {
    const problem = `${property}: must be the name or ARN of a table: is an environment variable missing?`;
    super(`${format(place)}: ${problem}`);
    // What is no name of a table may be anything.
    sayInLogs(this, `effects[${place.index}] (${place.kind}): ${problem}`);
  }
}
