import { asciiJson } from './ascii-json.ts';
import { readProperty } from './read-property.ts';

/** Bounds of `jsonText`. */
export interface JsonTextLimits {
  /** Values written before the rest is cut off. */
  readonly maxNodes: number;
  /** UTF-16 units of one string that are written. */
  readonly maxStringLength: number;
}

/**
 * More than 6 MB of JSON can hold, so that nothing of a Lambda event is ever cut off; a proxy that pretends to be
 * without end is.
 */
const wholeEvent: JsonTextLimits = { maxNodes: 4_000_000, maxStringLength: Number.POSITIVE_INFINITY };

interface Frame {
  readonly holder: object;
  /** Names of an object's properties; undefined for an array. */
  readonly names: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/**
 * ASCII JSON of any value, as it stands: never throws, whatever the value.
 *
 * A value that JSON can hold comes back the same from `JSON.parse`, however deep it is nested (`JSON.stringify` ends in
 * a stack overflow where `JSON.parse` does not). What JSON has no form for becomes a string in brackets:
 * `[bigint 1]`, `[undefined]`, `[cycle]`, `[unreadable]`, and `[cut off]` where a limit was met. `toJSON` is not called.
 */
export function jsonText(value: unknown, limits: JsonTextLimits = wholeEvent): string {
  const parts: string[] = [];
  const open: Frame[] = [];
  const holders = new Set<object>();
  let nodes = 0;

  const write = (what: unknown): void => {
    nodes += 1;
    if (typeof what !== 'object' || what === null) {
      parts.push(scalarText(what, limits.maxStringLength));
      return;
    }
    const frame = holders.has(what) ? '"[cycle]"' : frameOf(what);
    if (typeof frame === 'string') {
      parts.push(frame);
      return;
    }
    parts.push(frame.names === undefined ? '[' : '{');
    holders.add(what);
    open.push(frame);
  };

  write(value);
  for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
    if (frame.next >= frame.length) {
      parts.push(frame.names === undefined ? ']' : '}');
      holders.delete(frame.holder);
      open.pop();
      continue;
    }
    const name = frame.names?.[frame.next];
    if (frame.next > 0) parts.push(',');
    if (name !== undefined) parts.push(`${JSON.stringify(name.slice(0, limits.maxStringLength))}:`);
    if (nodes >= limits.maxNodes) {
      parts.push('"[cut off]"');
      frame.next = frame.length;
      continue;
    }
    const member = readProperty(frame.holder, name ?? frame.next);
    frame.next += 1;
    write(member.readable ? member.value : '[unreadable]');
  }
  return asciiJson(parts.join(''));
}

/** How to walk an object, or the text to write in its place where it cannot be walked. */
function frameOf(holder: object): Frame | string {
  try {
    if (!Array.isArray(holder)) {
      const names = Object.keys(holder);
      return { holder, names, length: names.length, next: 0 };
    }
    const length: unknown = holder.length;
    return { holder, names: undefined, length: typeof length === 'number' ? length : 0, next: 0 };
  } catch {
    return '"[unreadable]"';
  }
}

function scalarText(value: unknown, maxStringLength: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > maxStringLength ? value.slice(0, maxStringLength) : value);
    case 'number':
      if (!Number.isFinite(value)) return `"[number ${value}]"`;
      return Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
      return String(value);
    case 'bigint':
      return `"[bigint ${value}]"`;
    case 'object':
      return 'null';
    default:
      return `"[${typeof value}]"`;
  }
}
