import { DeadLetterFormatError } from './dead-letter-error.ts';

/** The properties of a JSON object that was not checked yet. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** Whether a value has the type; false is a fault of the letter. */
export type Guard<T> = (value: unknown) => value is T;

/** The object that a JSON text holds. */
export function parseFields(text: string): JsonFields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DeadLetterFormatError('a dead letter is a JSON object, this is no JSON', { cause });
  }
  if (!isFields(parsed)) throw new DeadLetterFormatError('a dead letter is a JSON object');
  return parsed;
}

/** The property, which must be there and of the type. */
export function required<T>(fields: JsonFields, name: string, guard: Guard<T>): T {
  const value = fields[name];
  if (!guard(value)) throw new DeadLetterFormatError(`${name}: missing or of a wrong type`);
  return value;
}

/** The property, or undefined where it is absent or null. */
export function optional<T>(fields: JsonFields, name: string, guard: Guard<T>): T | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : required(fields, name, guard);
}

export function isFields(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** A guard for an array of which every member passes another one. */
export function arrayOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard);
}
