import { formatCoordinates } from '../coordinates.ts';
import { ConfigurationError, RecordDecodingError, SchemaViolationError } from '../errors/errors.ts';
import type { DecodedPart, Decoder } from './decoder.ts';
import { parseJson } from './parse-json.ts';
import { isStandardSchema, issuePaths, type StandardSchema, type StandardSchemaResult } from './standard-schema.ts';
import { utf8Text } from './utf8.ts';

/** Options of `json`. */
export interface JsonOptions {
  /**
   * `'number'` (default): JavaScript numbers, so integers beyond 2^53 - 1 lose digits; one that is a business ID is
   * refused. `'exact'`: such integers become bigint (a schema must allow them), all others stay numbers.
   */
  readonly integers?: 'number' | 'exact';
}

function checkOptions(options: unknown): JsonOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError('json', 'takes a Standard Schema (zod, valibot, arktype, ...) and options');
  }
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'integers') throw new ConfigurationError(`json.${name}`, "unknown option; there is only 'integers'");
    if (value !== undefined && value !== 'number' && value !== 'exact') {
      throw new ConfigurationError('json.integers', "must be 'number' or 'exact'");
    }
  }
  return options;
}

function accepted<T>(result: StandardSchemaResult<T>, { coordinates, part }: DecodedPart): T {
  if (result.issues === undefined) return result.value;
  throw new SchemaViolationError(
    `The ${part} of ${formatCoordinates(coordinates)} does not satisfy its schema at: ${issuePaths(result.issues)}.`,
  );
}

function parse(bytes: Uint8Array, { coordinates, part }: DecodedPart, exact: boolean): unknown {
  const text = utf8Text(bytes, { dropBom: true });
  if (text === undefined) {
    throw new RecordDecodingError(`The ${part} of ${formatCoordinates(coordinates)} is not UTF-8.`);
  }
  try {
    return parseJson(text, exact);
  } catch {
    // The parser's own error quotes the text, so it is not even kept as the cause.
    throw new RecordDecodingError(`The ${part} of ${formatCoordinates(coordinates)} is not JSON.`);
  }
}

/**
 * JSON in UTF-8 (a byte order mark is tolerated), validated by a schema if one is given.
 *
 * The schema is any Standard Schema v1, synchronous or not, and its output is what the handler gets. Without one the
 * value is `unknown`. A schema that throws instead of reporting is retried, as anything that is thrown.
 *
 * @throws ConfigurationError for something that is neither a schema nor options.
 * @throws RecordDecodingError (from `decode`) for bytes that are no UTF-8 or no JSON.
 * @throws SchemaViolationError (from `decode`) naming where the schema is not satisfied, never with which value.
 */
export function json(options?: JsonOptions): Decoder<unknown>;
export function json<T>(schema: StandardSchema<T>, options?: JsonOptions): Decoder<T>;
export function json<T>(first: StandardSchema<T> | JsonOptions = {}, second: JsonOptions = {}): Decoder<unknown> {
  const schema = isStandardSchema(first) ? first : undefined;
  const exact = checkOptions(schema === undefined ? first : second).integers === 'exact';
  return {
    name: 'json',
    decode(bytes, about) {
      const value = parse(bytes, about, exact);
      if (schema === undefined) return value;
      const result = schema['~standard'].validate(value);
      return result instanceof Promise ? result.then((late) => accepted(late, about)) : accepted(result, about);
    },
  };
}
