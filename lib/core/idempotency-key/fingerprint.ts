import { ConfigurationError } from '../errors/errors.ts';
import type { KafkaRecord, ReceivedRecord } from '../record.ts';
import { canonicalPayload } from './canonical-payload.ts';
import { type HashFunction, md5, sha256 } from './hash.ts';
import { powertoolsText } from './powertools-text.ts';
import { compileExpression, isExpression, type SelectingExpression } from './record-expression.ts';

/**
 * What the fingerprint of a record covers: its value (true), nothing (false), or what a function, a path expression
 * (`'value.amount'`, as for `businessId`) or `jmespath('…')` from `kafka-once/jmespath` selects.
 */
export type FingerprintSetting<Value = unknown, Key = Uint8Array> =
  | boolean
  | string
  | SelectingExpression
  | ((record: KafkaRecord<Value, Key>) => unknown);

/** Selects what the fingerprint covers. */
export type FingerprintSelector<Value, Key> = (record: KafkaRecord<Value, Key>) => unknown;

/** Stands for what an expression could not select; it has no canonical form, so the raw value is taken. */
const unselectable = Symbol('unselectable');

/**
 * Makes a fingerprint setting ready to use; undefined if there is to be none. `property` is its name in errors.
 *
 * @throws ConfigurationError for something that is no such setting or a bad expression.
 */
export function compileFingerprint<Value, Key>(
  setting: FingerprintSetting<Value, Key>,
  property: string,
): FingerprintSelector<Value, Key> | undefined {
  if (setting === false) return undefined;
  if (setting === true) return (record) => record.value;
  if (typeof setting === 'function') return setting;
  if (!isExpression(setting)) {
    throw new ConfigurationError(property, 'must be true, false, a path expression, a function or jmespath(…)');
  }
  const { select } = compileExpression(setting, property);
  return (record) => {
    try {
      return select(record);
    } catch {
      return unselectable;
    }
  };
}

function powertoolsPayload(value: unknown): string | undefined {
  try {
    return powertoolsText(value);
  } catch {
    return undefined;
  }
}

/**
 * Hash of what the selector picks from a decoded record; two deliveries of one payload have one fingerprint.
 *
 * It is a hash of the canonical value, so white space and the order of members do not count. A value without a stable
 * form (an object of a class without `toJSON`, say) is replaced by the bytes of the record's value. A tombstone has one
 * too. With `'md5'` the fingerprint of a JSON value is the one that Powertools keeps as `validation` for it.
 *
 * Undefined without a selector. Throws only what a selector that is a function throws.
 */
export function fingerprintOf<Value, Key>(
  record: KafkaRecord<Value, Key>,
  received: ReceivedRecord,
  selector: FingerprintSelector<Value, Key> | undefined,
  hash: HashFunction,
): string | undefined {
  if (selector === undefined) return undefined;
  const selected = selector(record);
  if (hash === 'md5') {
    const text = powertoolsPayload(selected);
    if (text !== undefined) return md5(text);
  }
  const payload = canonicalPayload(selected);
  if (payload !== undefined) return sha256(`payload\n${payload}`);
  return sha256(`bytes\n${typeof received.value === 'string' ? received.value : ''}`);
}
