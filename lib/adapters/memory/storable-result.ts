import { StoreError } from '../../ports/store-error.ts';
import { type StorableValue, toStorable } from '../storable-value.ts';

/** A marker with its result must fit into an item of DynamoDB, which is at most 400 KB. */
const largestResultBytes = 400 * 1024;

/** A copy of a handler's result as a store keeps it. Throws a `StoreError` of kind `unstorable`. */
export function storableResult(result: unknown): StorableValue {
  const value = toStorable(result);
  const text = JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
  if (Buffer.byteLength(text) > largestResultBytes) {
    throw new StoreError('unstorable', "The handler's result cannot be stored: it is over 400 KB.");
  }
  return value;
}
