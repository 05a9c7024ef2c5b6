import { InvalidEffectError } from '../refusals.ts';
import type { ValueType } from '../values/value.ts';
import { readPath } from './document-path.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { readSetValue } from './read-set-value.ts';
import type { Action } from './syntax.ts';

type ReadAction = (reader: ExpressionReader) => Action;

const sections: Readonly<Record<string, ReadAction>> = {
  SET: readSet,
  REMOVE: (reader) => ({ kind: 'remove', path: readPath(reader) }),
  ADD: (reader) => readChange(reader, 'add', ['N', 'SS', 'NS', 'BS']),
  DELETE: (reader) => readChange(reader, 'delete', ['SS', 'NS', 'BS']),
};

/**
 * Reads a whole UpdateExpression.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function readUpdate(reader: ExpressionReader): readonly Action[] {
  const actions: Action[] = [];
  const left = new Map(Object.entries(sections));
  do {
    const keyword = Object.keys(sections).find((name) => reader.takesWord(name));
    const read = keyword === undefined ? undefined : left.get(keyword);
    if (keyword === undefined) throw reader.error();
    if (read === undefined) throw new InvalidEffectError(`it has a second ${keyword} section`);
    left.delete(keyword);
    do actions.push(read(reader));
    while (reader.takes(','));
  } while (reader.peek().kind === 'word');
  reader.expectEnd();
  return actions;
}

function readSet(reader: ExpressionReader): Action {
  const path = readPath(reader);
  reader.expect('=');
  return { kind: 'set', path, value: readSetValue(reader) };
}

function readChange(reader: ExpressionReader, kind: 'add' | 'delete', types: readonly ValueType[]): Action {
  const path = readPath(reader);
  const operand = reader.value();
  if (!types.includes(operand.type)) {
    throw new InvalidEffectError(`${kind.toUpperCase()} cannot have an operand of type ${operand.type}`);
  }
  return { kind, path, operand };
}
