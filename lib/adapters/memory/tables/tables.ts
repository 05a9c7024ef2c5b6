import { ConfigurationError } from '../../../core/errors/errors.ts';
import { StoreError } from '../../../ports/store-error.ts';
import { InvalidEffectError } from '../refusals.ts';
import { readDocument } from '../values/read-document.ts';
import type { Item } from '../values/value.ts';
import { attributesBytes, largestItemBytes } from '../values/value-size.ts';
import { itemKey, wholeKey } from './item-key.ts';
import { type KeySchema, keySchemaOf, type MemoryTable } from './memory-table.ts';

/** A table with its items by `itemKey`. */
export interface Table {
  readonly name: string;
  readonly schema: KeySchema;
  readonly items: Map<string, Item>;
}

/** The tables of a store. */
export type Tables = ReadonlyMap<string, Table>;

/** Empty tables. Throws a `ConfigurationError` for a key that is none. */
export function makeTables(tables: Readonly<Record<string, MemoryTable>>): Tables {
  return new Map(
    Object.entries(tables).map(([name, table]) => {
      return [name, { name, schema: keySchemaOf(`tables.${name}`, table), items: new Map() }];
    }),
  );
}

/** As DynamoDB answers for a missing table: throws a `StoreError` of kind `configuration`. */
export function tableOf(tables: Tables, name: string): Table {
  const table = tables.get(name);
  if (table === undefined) {
    throw new StoreError(
      'configuration',
      `Memory store: there is no table "${name}". Add it to the option tables, as { partitionKey: '…' }; the idempotency table takes no effects.`,
    );
  }
  return table;
}

/** Puts an item in place of what was there, without a commit. Throws a `ConfigurationError` for one that cannot be stored. */
export function placeItem({ name, schema, items }: Table, document: Readonly<Record<string, unknown>>): void {
  asConfiguration(name, () => {
    const item = readDocument(document);
    if (attributesBytes(item) > largestItemBytes) throw new InvalidEffectError('the item has over 400 KB');
    items.set(itemKey(schema, item), item);
  });
}

/** Throws a `ConfigurationError` for what is not the table's key. */
export function findItem({ name, schema, items }: Table, key: Readonly<Record<string, unknown>>): Item | undefined {
  return items.get(asConfiguration(name, () => wholeKey(schema, readDocument(key))));
}

function asConfiguration<Result>(table: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof InvalidEffectError) throw new ConfigurationError(`tables.${table}`, error.message);
    throw error;
  }
}
