import { type Coordinates, formatCoordinates } from '../coordinates.ts';
import { RecordDecodingError } from '../errors/errors.ts';
import type { RecordHeader } from '../record.ts';
import { utf8Text } from './utf8.ts';

/** The bytes of the header with this name, of the last one if it is repeated (as Kafka's `lastHeader`). */
export function headerValue(
  record: { readonly headers: readonly RecordHeader[] },
  name: string,
): Uint8Array | undefined {
  return record.headers.findLast((header) => header.name === name)?.value;
}

/**
 * The UTF-8 text of the header with this name, of the last one if it is repeated; undefined if there is none.
 *
 * @throws RecordDecodingError if its bytes are no UTF-8; read them with `headerValue`.
 */
export function headerText(
  record: Coordinates & { readonly headers: readonly RecordHeader[] },
  name: string,
): string | undefined {
  const bytes = headerValue(record, name);
  if (bytes === undefined) return undefined;
  const decoded = utf8Text(bytes);
  if (decoded !== undefined) return decoded;
  throw new RecordDecodingError(`The header "${name}" of ${formatCoordinates(record)} is not UTF-8.`);
}
