const integer = /^-?\d+$/;
/** Only a run of 16 digits can be an integer beyond 2^53 - 1; without one the slower parse is not needed. */
const longRun = /\d{16}/;

/**
 * More digits than any ID has. Converting digits takes longer than linear time, and a record may hold a million.
 */
const maxDigits = 10_000;

function exactInteger(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  if (source === undefined || !integer.test(source)) return value;
  if (source.length > maxDigits) throw new SyntaxError(`An integer has more than ${maxDigits} digits`);
  return BigInt(source);
}

/**
 * `JSON.parse`, with `exact` integers beyond 2^53 - 1 as bigint. They are read from the source text that JSON.parse
 * hands its reviver (Node 22 and later), so no digit is lost on the way.
 */
export function parseJson(text: string, exact: boolean): unknown {
  return exact && longRun.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}
