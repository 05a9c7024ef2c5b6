import { formatCoordinates } from '../coordinates.ts';
import { RecordDecodingError } from '../errors/errors.ts';
import type { Decoder } from './decoder.ts';
import { utf8Text } from './utf8.ts';

/**
 * UTF-8 text, byte for byte: a byte order mark stays in the text.
 *
 * @throws RecordDecodingError (from `decode`) for bytes that are no UTF-8; they are not replaced by U+FFFD.
 */
export function text(): Decoder<string> {
  return {
    name: 'text',
    decode(bytes, { coordinates, part }) {
      const decoded = utf8Text(bytes);
      if (decoded !== undefined) return decoded;
      throw new RecordDecodingError(`The ${part} of ${formatCoordinates(coordinates)} is not UTF-8.`);
    },
  };
}
