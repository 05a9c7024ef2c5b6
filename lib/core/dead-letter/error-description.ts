import { jsonText } from './json-text.ts';
import { readProperty, readString } from './read-property.ts';

/** What a dead letter says of one thrown value. */
export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
}

/** What a dead letter says of the error that ended its record. */
export interface ErrorDescription extends ErrorSummary {
  /** The frames, without name and message; undefined where there are none. */
  readonly stack: string | undefined;
  /** The chain of `cause`, nearest first, three at the most. */
  readonly causes: readonly ErrorSummary[];
}

const maxNameLength = 200;
const maxMessageLength = 1000;
const maxStackLength = 2000;
const maxCauses = 3;
/** A thrown object without a message is shown in part. */
const glimpse = { maxNodes: 50, maxStringLength: 200 };

/** Describes anything that can be thrown, bounded in length; never throws itself. */
export function describeError(thrown: unknown): ErrorDescription {
  const causes: ErrorSummary[] = [];
  for (let cause = causeOf(thrown); cause !== undefined && causes.length < maxCauses; cause = causeOf(cause)) {
    causes.push(summarize(cause));
  }
  return { ...summarize(thrown), stack: framesOf(thrown), causes };
}

function summarize(thrown: unknown): ErrorSummary {
  if (!isObject(thrown)) {
    const message = typeof thrown === 'string' ? thrown : printed(thrown);
    return { name: thrown === null ? 'null' : typeof thrown, message: bounded(message, maxMessageLength) };
  }
  const message = readString(thrown, 'message') ?? jsonText(thrown, glimpse);
  return { name: bounded(nameOf(thrown), maxNameLength), message: bounded(message, maxMessageLength) };
}

function nameOf(thrown: object): string {
  const name = readString(thrown, 'name');
  if (name !== undefined && name !== '') return name;
  const made = readProperty(thrown, 'constructor');
  const className = made.readable && isObject(made.value) ? readString(made.value, 'name') : undefined;
  return className === undefined || className === '' ? typeof thrown : className;
}

function causeOf(thrown: unknown): unknown {
  if (!isObject(thrown)) return undefined;
  const cause = readProperty(thrown, 'cause');
  return cause.readable ? cause.value : undefined;
}

/** V8 puts name and message before the frames; a message of megabytes would leave no room for them. */
function framesOf(thrown: unknown): string | undefined {
  const stack = isObject(thrown) ? readString(thrown, 'stack') : undefined;
  const start = stack?.search(/^ {4}at /m) ?? -1;
  return stack === undefined || start < 0 ? undefined : bounded(stack.slice(start), maxStackLength);
}

function printed(thrown: unknown): string {
  return typeof thrown === 'symbol' ? thrown.toString() : jsonText(thrown, glimpse);
}

function bounded(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)} [cut off, ${text.length} characters in all]`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
