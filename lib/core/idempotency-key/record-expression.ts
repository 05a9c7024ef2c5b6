import { ConfigurationError } from '../errors/errors.ts';
import { isObject } from '../event/is-object.ts';
import type { KafkaRecord } from '../record.ts';
import { type Path, parsePath } from './path-expression.ts';
import { checkRecordName, recordView } from './record-view.ts';
import { selectPath } from './select-path.ts';

/** An expression over a record, ready to use. */
export interface RecordExpression {
  /** Whether what it selects is an object that it has built of parts: `{a: value.a, b: value.b}`. */
  readonly buildsObject: boolean;
  /** Undefined and absent are null. May throw, where an operation meets a type that it does not take. */
  readonly select: (record: KafkaRecord<unknown, unknown>) => unknown;
}

/** An expression in a language of its own, `jmespath('…')` from `kafka-once/jmespath` for example. */
export interface SelectingExpression {
  readonly kind: 'expression';
  /**
   * Called once, when the handler is made, with the name of the option that it stands in.
   *
   * @throws ConfigurationError for a text that is no such expression.
   */
  compile(property: string): RecordExpression;
}

export function isExpression(value: unknown): value is string | SelectingExpression {
  return (
    typeof value === 'string' || (isObject(value) && value.kind === 'expression' && typeof value.compile === 'function')
  );
}

/** Refuses what finds nothing in any record. */
function checkStart(path: Path, property: string): void {
  const first = path[0];
  switch (first?.kind) {
    case 'name':
      checkRecordName(first.name, property);
      break;
    case 'index':
      throw new ConfigurationError(property, `a record is no array: [${first.index}] finds nothing in it`);
    case 'list':
      for (const member of first.members) checkStart(member, property);
      break;
    case 'object':
      for (const [, member] of first.members) checkStart(member, property);
  }
}

/**
 * Makes an expression ready to use: a path expression, if it is a string.
 *
 * @throws ConfigurationError for a text that is no such expression, or for one that would not find anything in any
 * record: `orderId` instead of `value.orderId`.
 */
export function compileExpression(expression: string | SelectingExpression, property: string): RecordExpression {
  if (typeof expression !== 'string') return expression.compile(property);
  const path = parsePath(expression, property);
  checkStart(path, property);
  return {
    buildsObject: path.at(-1)?.kind === 'object',
    select: (record) => selectPath(path, recordView(record)),
  };
}
