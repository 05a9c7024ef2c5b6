import { formatCoordinates } from '../coordinates.ts';
import { headerValue } from '../decode/header-value.ts';
import { BusinessIdError, ConfigurationError } from '../errors/errors.ts';
import type { KafkaRecord, ReceivedRecord } from '../record.ts';
import { contentHashOf } from './content-hash.ts';
import { isMissingId } from './missing-id.ts';
import { compileExpression, isExpression, type SelectingExpression } from './record-expression.ts';
import { headerId } from './record-view.ts';

/**
 * Computes the business ID from the decoded record, synchronously.
 *
 * Returning undefined, null or something empty means that there is none. A tombstone's `value` is null. What it throws
 * makes the record fail, to be tried again.
 */
export type BusinessIdFunction<Value, Key> = (record: KafkaRecord<Value, Key>) => unknown;

/** A business ID that stands in a header; see `header`. */
export interface HeaderBusinessId {
  readonly kind: 'header';
  readonly name: string;
}

/** A business ID made of the contents; see `contentHash`. */
export interface ContentHashBusinessId {
  readonly kind: 'contentHash';
}

/**
 * Where the business ID of a record comes from: a path expression over `{ topic, partition, offset, timestampMs, key,
 * value, headers }`, a function, `header(name)`, `contentHash()`, or `jmespath('…')` from `kafka-once/jmespath`.
 *
 * Path expressions are the part of JMESPath that walks and gathers: `'value.orderId'`, `'value.lines[0].sku'`,
 * `'headers."x-event-id"'`, `'[value.tenant, value.orderId]'`, `'value.{tenant: tenant, id: orderId}'`. They see what a
 * value has itself, not what a class gives it; a function sees all.
 *
 * An array is a composite and yields nothing if a member is missing; so does an object that the expression itself
 * builds.
 */
export type BusinessId<Value = unknown, Key = Uint8Array> =
  | string
  | BusinessIdFunction<Value, Key>
  | SelectingExpression
  | HeaderBusinessId
  | ContentHashBusinessId;

/** Computes the business ID of a record; what says nothing (`isMissingId`) means that it has none. */
export type CompiledBusinessId<Value, Key> = (record: KafkaRecord<Value, Key>, received: ReceivedRecord) => unknown;

/** The business ID is the text of this header, of the last one if it is repeated; its bytes if they are no UTF-8. */
export function header(name: string): HeaderBusinessId {
  return { kind: 'header', name };
}

/**
 * The business ID is a hash of the bytes of key and value, for producers that send no ID.
 *
 * Headers do not count: a producer that sends again often stamps them anew. Two records that say the same are one
 * record then, also when they were meant twice (a state that changed and changed back), until the marker expires. A
 * tombstone has no ID, so deleting a key twice is two records.
 */
export function contentHash(): ContentHashBusinessId {
  return { kind: 'contentHash' };
}

function fromExpression(
  expression: string | SelectingExpression,
  property: string,
): CompiledBusinessId<unknown, unknown> {
  const { select, buildsObject } = compileExpression(expression, property);
  return (record) => {
    let id: unknown;
    try {
      id = select(record);
    } catch {
      // The same record will fail again. The cause may quote contents.
      throw new BusinessIdError(
        `${formatCoordinates(record)}: a function or operator in ${property} met a type that it does not take.`,
      );
    }
    const isPartial = buildsObject && typeof id === 'object' && id !== null && Object.values(id).some(isMissingId);
    return isPartial ? undefined : id;
  };
}

/**
 * Makes a business ID ready to use; `property` is its name in errors.
 *
 * @throws ConfigurationError for something that is no business ID, a bad expression or an empty header name.
 */
export function compileBusinessId<Value, Key>(
  businessId: BusinessId<Value, Key>,
  property: string,
): CompiledBusinessId<Value, Key> {
  if (Object.is(businessId, contentHash) || Object.is(businessId, header)) {
    throw new ConfigurationError(property, 'is the function itself: call it, as in contentHash() or header(name)');
  }
  if (typeof businessId === 'function') return businessId;
  if (isExpression(businessId)) return fromExpression(businessId, property);
  if (typeof businessId === 'object' && businessId !== null) {
    if (businessId.kind === 'contentHash') return (_record, received) => contentHashOf(received);
    if (businessId.kind === 'header') {
      const { name } = businessId;
      if (typeof name !== 'string' || name === '') throw new ConfigurationError(property, 'header() needs a name');
      return (record) => {
        const bytes = headerValue(record, name);
        return bytes === undefined ? undefined : headerId(bytes);
      };
    }
  }
  throw new ConfigurationError(
    property,
    'must be a path expression, a function, header(name), contentHash() or jmespath(…)',
  );
}
