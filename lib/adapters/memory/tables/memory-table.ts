import { ConfigurationError } from '../../../core/errors/errors.ts';

/** A key attribute by its name, which is then a string, or with its type. */
export type MemoryKeyAttribute = string | { readonly name: string; readonly type: 'S' | 'N' | 'B' };

/** The key of a table of the user's, as it was made in DynamoDB. */
export interface MemoryTable {
  readonly partitionKey: MemoryKeyAttribute;
  /** None by default. */
  readonly sortKey?: MemoryKeyAttribute;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
  readonly mostBytes: number;
}

/** Partition key first. */
export type KeySchema = readonly KeyAttribute[];

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
const mostPartitionKeyBytes = 2048;
const mostSortKeyBytes = 1024;

/** Throws a `ConfigurationError` for a table or a key attribute that is none. */
export function keySchemaOf(property: string, table: MemoryTable): KeySchema {
  if (!isObject(table)) throw new ConfigurationError(property, "must be { partitionKey: '…' }");
  const { partitionKey, sortKey } = table;
  const partition = keyAttribute(`${property}.partitionKey`, partitionKey, mostPartitionKeyBytes);
  if (sortKey === undefined) return [partition];
  const sort = keyAttribute(`${property}.sortKey`, sortKey, mostSortKeyBytes);
  if (sort.name === partition.name) throw new ConfigurationError(`${property}.sortKey`, 'is the partition key too');
  return [partition, sort];
}

function keyAttribute(property: string, attribute: MemoryKeyAttribute, mostBytes: number): KeyAttribute {
  const named = typeof attribute === 'string' ? { name: attribute, type: 'S' as const } : attribute;
  if (
    !isObject(named) ||
    typeof named.name !== 'string' ||
    named.name === '' ||
    !['S', 'N', 'B'].includes(named.type)
  ) {
    throw new ConfigurationError(property, "must be a name, or { name, type: 'S' | 'N' | 'B' }");
  }
  return { name: named.name, type: named.type, mostBytes };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
