import type { Coordinates } from '../coordinates.ts';
import {
  EffectError,
  EffectLimitError,
  type EffectPlace,
  EffectsClosedError,
  EffectTableError,
} from '../errors/effect-errors.ts';
import { isObject } from '../event/is-object.ts';
import type { Effect } from './effect.ts';
import type { Effects } from './effects.ts';
import { fromDocument } from './from-document.ts';
import { fromRaw } from './from-raw.ts';
import { ItemsOnce } from './items-once.ts';
import { checkLimits, largestRecordBytes, mostEffects } from './limits.ts';
import { checkPlaceholders } from './placeholders.ts';
import { actionNames, readAction } from './read-action.ts';
import { readEffect } from './read-effect.ts';
import { readTransition } from './read-transition.ts';
import { readUpdate } from './read-update.ts';
import { readVersionedUpdate } from './read-versioned-update.ts';
import { type Given, Refusal, refuse, refuseOver } from './refuse.ts';
import { effectSizeBytes } from './size.ts';
import { tableName } from './table-name.ts';

type Read = (given: Given) => Effect;

/**
 * Takes the effects of one call of the handler for one record.
 *
 * One that is refused fails the record, also if the handler catches the error and goes on: nothing is to be half written.
 */
export class EffectRecorder {
  readonly effects: Effects;
  readonly #record: Coordinates;
  readonly #idempotencyTable: string | undefined;
  readonly #recorded: Effect[] = [];
  readonly #items = new ItemsOnce();
  #bytes = 0;
  #isClosed = false;
  #refusal: { readonly error: unknown } | undefined;

  /** @param idempotencyTable name or ARN; undefined where the store has none that an effect could name. */
  constructor(record: Coordinates, idempotencyTable: string | undefined) {
    this.#record = record;
    this.#idempotencyTable = idempotencyTable === undefined ? undefined : tableName(idempotencyTable);
    const add = (method: string, given: unknown, read: Read): void => this.#add(method, given, read);
    const plain =
      (kind: 'put' | 'delete' | 'check') =>
      (given: unknown): void =>
        add(kind, given, (one) => readEffect(kind, one));
    const action =
      (method: 'raw' | 'document', convert: typeof fromRaw) =>
      (given: unknown, terms?: unknown): void =>
        add(method, given, (one) => readAction(one, terms, convert));
    this.effects = {
      put: plain('put'),
      update: (given) => add('update', given, readUpdate),
      delete: plain('delete'),
      check: plain('check'),
      transition: (given) => add('transition', given, readTransition),
      updateIfVersion: (given) => add('updateIfVersion', given, readVersionedUpdate),
      raw: action('raw', fromRaw),
      document: action('document', fromDocument),
    };
  }

  /** The effects in the order in which they were added; none can be added any more. */
  close(): readonly Effect[] {
    this.#isClosed = true;
    return this.#recorded;
  }

  /** The error of the first effect that was refused. */
  get refusal(): { readonly error: unknown } | undefined {
    return this.#refusal;
  }

  #add(method: string, given: unknown, read: Read): void {
    const index = this.#recorded.length;
    const place = (): EffectPlace => ({ record: this.#record, index, kind: method, table: namedTable(given) });
    if (this.#isClosed) throw new EffectsClosedError(place());
    try {
      this.#recordOne(index, given, read);
    } catch (error) {
      const isFirst = this.#refusal === undefined;
      // Before anything is asked of what was given, which may throw: the record has failed in any case.
      this.#refusal ??= { error };
      const told = error instanceof Refusal ? errorOf(place(), error) : error;
      if (isFirst) this.#refusal = { error: told };
      throw told;
    }
  }

  #recordOne(index: number, given: unknown, read: Read): void {
    refuseOver(mostEffects, '', index + 1, 'effects');
    const effect = isObject(given) ? read(given) : refuse('', 'takes an object');
    if (tableName(effect.table) === this.#idempotencyTable) refuse('', 'the idempotency table takes no effects');
    checkPlaceholders(effect);
    checkLimits(effect);
    const bytes = this.#bytes + effectSizeBytes(effect);
    refuseOver(largestRecordBytes, 'effects', bytes, 'bytes');
    const clash = this.#items.clashWith(effect);
    if (clash !== undefined) refuse('', `effects[${clash.join('] and effects[')}] are on one item`);
    this.#bytes = bytes;
    this.#recorded.push(effect);
  }
}

function errorOf(place: EffectPlace, { property, message, isLimit }: Refusal): Error {
  if (/^table$|^\w+\.TableName$/.test(property)) return new EffectTableError(place, property);
  return new (isLimit ? EffectLimitError : EffectError)(place, property, message);
}

/** The table that is named in what the handler gave, for messages. */
function namedTable(given: unknown): string {
  if (!isObject(given)) return '';
  const holders = actionNames.map((name) => given[name]).filter(isObject);
  return [given.table, ...holders.map(({ TableName }) => TableName)].find((table) => typeof table === 'string') ?? '';
}
