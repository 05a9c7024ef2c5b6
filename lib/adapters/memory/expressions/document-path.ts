import { InvalidEffectError } from '../refusals.ts';
import type { Item, Value } from '../values/value.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { reservedWords } from './reserved-words.ts';
import type { DocumentPath } from './syntax.ts';

const mostSteps = 32;
const largestIndex = 2 ** 31 - 1;

/** Reads `name`, `#name`, and what follows of `.member` and `[index]`. */
export function readPath(reader: ExpressionReader): DocumentPath {
  const path: [string, ...(string | number)[]] = [readName(reader)];
  for (;;) {
    if (reader.takes('.')) {
      path.push(readName(reader));
    } else if (reader.takes('[')) {
      path.push(readIndex(reader));
      reader.expect(']');
    } else {
      break;
    }
  }
  if (path.length > mostSteps) throw new InvalidEffectError(`a path has more than ${mostSteps} steps`);
  return path;
}

/** Whether the next token begins a path and no function. */
export function isPathNext(reader: ExpressionReader): boolean {
  const { kind } = reader.peek();
  return kind === 'name' || (kind === 'word' && !isFunctionNext(reader));
}

export function isFunctionNext(reader: ExpressionReader): boolean {
  return reader.peek().kind === 'word' && reader.peek(1).text === '(';
}

/** What an item holds at a path; undefined where there is nothing. */
export function valueAt(item: Item, [name, ...steps]: DocumentPath): Value | undefined {
  let value = item.get(name);
  for (const step of steps) {
    if (typeof step === 'string') {
      value = value?.type === 'M' ? value.members.get(step) : undefined;
    } else {
      value = value?.type === 'L' ? value.elements[step] : undefined;
    }
  }
  return value;
}

export function isSamePath(a: DocumentPath, b: DocumentPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function readName(reader: ExpressionReader): string {
  const { kind, text } = reader.peek();
  if (kind !== 'word' && kind !== 'name') throw reader.error();
  if (reservedWords.has(text.toLowerCase())) {
    throw reader.error(`the reserved word ${text} stands for an attribute (give it a #name)`);
  }
  const name = kind === 'word' ? text : reader.nameBehind(text);
  reader.next();
  return name;
}

function readIndex(reader: ExpressionReader): number {
  const { kind, text } = reader.peek();
  if (kind !== 'index') throw reader.error();
  if (Number(text) > largestIndex) throw reader.error('an index is too large');
  reader.next();
  return Number(text);
}
