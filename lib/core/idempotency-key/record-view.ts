import { utf8Text } from '../decode/utf8.ts';
import { ConfigurationError } from '../errors/errors.ts';
import type { KafkaRecord, RecordHeader } from '../record.ts';

/** The names that an expression starts from. */
const viewNames = ['topic', 'partition', 'offset', 'timestampMs', 'key', 'value', 'headers'] as const;

/** A header's value in an ID: its text, or its bytes where they are no UTF-8, so that two values never become one. */
export function headerId(bytes: Uint8Array): string | Uint8Array {
  return utf8Text(bytes) ?? bytes;
}

function headersByName(headers: readonly RecordHeader[]): Readonly<Record<string, string | Uint8Array>> {
  const byName: Record<string, string | Uint8Array> = Object.create(null);
  for (const { name, value } of headers) byName[name] = headerId(value);
  return byName;
}

/**
 * Refuses to look in a record for a name that records do not have: it would find nothing in any.
 *
 * @throws ConfigurationError
 */
export function checkRecordName(name: string, property: string): void {
  if (viewNames.some((known) => known === name)) return;
  throw new ConfigurationError(
    property,
    `a record has no '${name}' (it has ${viewNames.join(', ')}); did you mean 'value.${name}'? ` +
      'A name with other signs than letters, digits and _ needs double quotes',
  );
}

/** A record as expressions see it; of a repeated header they see the last. */
export function recordView(record: KafkaRecord<unknown, unknown>): Readonly<Record<string, unknown>> {
  const { topic, partition, offset, timestampMs, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key,
    value,
    get headers() {
      return headersByName(headers);
    },
  };
}
