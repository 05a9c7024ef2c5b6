import type { Coordinates } from '../coordinates.ts';
import { EffectError, EffectLimitError, type EffectPlace, EffectsClosedError } from '../errors/effect-errors.ts';
import { isObject } from '../event/is-object.ts';
import type { Effect } from './effect.ts';
import type { Effects } from './effects.ts';
import { fromDocument } from './from-document.ts';
import { fromRaw } from './from-raw.ts';
import { ItemsOnce } from './items-once.ts';
import { largestRecordBytes, limitsProblem, mostEffects } from './limits.ts';
import { placeholderProblem } from './placeholders.ts';
import { plainForm } from './plain-form.ts';
import { actionNames, readAction } from './read-action.ts';
import { readEffect } from './read-effect.ts';
import { readTransition } from './read-transition.ts';
import { readUpdate } from './read-update.ts';
import { readVersionedUpdate } from './read-versioned-update.ts';
import type { Given, Refuse } from './refuse.ts';
import { effectSizeBytes } from './size.ts';
import { tableName } from './table-name.ts';

type Read = (given: Given, refuse: Refuse) => Effect;

/**
 * Takes the effects of one call of the handler for one record.
 *
 * An effect that is refused is not among them; a handler that goes on after the error goes on without it.
 */
export class EffectRecorder {
  readonly effects: Effects;
  readonly #record: Coordinates;
  readonly #idempotencyTable: string | undefined;
  readonly #recorded: Effect[] = [];
  readonly #items = new ItemsOnce();
  #bytes = 0;
  #isClosed = false;

  /** @param idempotencyTable name or ARN; undefined where the store has none that an effect could name. */
  constructor(record: Coordinates, idempotencyTable: string | undefined) {
    this.#record = record;
    this.#idempotencyTable = idempotencyTable === undefined ? undefined : tableName(idempotencyTable);
    const add = (method: string, given: unknown, read: Read): void => this.#add(method, given, read);
    const plain =
      (kind: 'put' | 'delete' | 'check') =>
      (given: unknown): void =>
        add(kind, given, (one, refuse) => readEffect(kind, one, plainForm, one.onConditionFailed, refuse));
    const action =
      (method: 'raw' | 'document', convert: typeof fromRaw) =>
      (given: unknown, terms?: unknown): void =>
        add(method, given, (one, refuse) => readAction(one, convert, terms, refuse));
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

  #add(method: string, given: unknown, read: Read): void {
    const index = this.#recorded.length;
    const place = (): EffectPlace => ({ record: this.#record, index, kind: method, table: namedTable(given) });
    const refuse: Refuse = (property, problem) => new EffectError(place(), property, problem);
    if (this.#isClosed) throw new EffectsClosedError(place());
    if (index >= mostEffects) {
      throw new EffectLimitError(place(), '', `a record has ${mostEffects} effects at most`);
    }
    if (!isObject(given)) throw refuse('', 'takes an object');
    const effect = read(given, refuse);
    if (tableName(effect.table) === this.#idempotencyTable) {
      throw refuse('', 'the idempotency table takes no effects');
    }
    const misplaced = placeholderProblem(effect);
    if (misplaced !== undefined) throw refuse(...misplaced);
    const bytes = this.#bytes + effectSizeBytes(effect);
    const tooLarge =
      limitsProblem(effect) ??
      (bytes > largestRecordBytes
        ? { property: '', problem: `the effects of the record have ${bytes} bytes, over ${largestRecordBytes}` }
        : undefined);
    if (tooLarge !== undefined) throw new EffectLimitError(place(), tooLarge.property, tooLarge.problem);
    const clash = this.#items.clashWith(effect);
    if (clash !== undefined) {
      throw refuse(
        '',
        `effects[${clash.join('] and effects[')}] are on one item, and DynamoDB takes one effect an item`,
      );
    }
    this.#bytes = bytes;
    this.#recorded.push(effect);
  }
}

/** The table that is named in what the handler gave, for messages. */
function namedTable(given: unknown): string {
  if (!isObject(given)) return '';
  const holders = actionNames.map((name) => given[name]).filter(isObject);
  return [given.table, ...holders.map(({ TableName }) => TableName)].find((table) => typeof table === 'string') ?? '';
}
