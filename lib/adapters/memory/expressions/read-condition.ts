import { InvalidEffectError } from '../refusals.ts';
import { conditionOf, sizeOf } from './condition-functions.ts';
import { isFunctionNext, isPathNext, readPath } from './document-path.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { ordered, refuseOtherTypes, refuseSameOperand } from './operand-types.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** What stands in brackets may be either. */
type Part =
  | { readonly condition: Condition; readonly operand?: never; readonly isBracketed: boolean }
  | { readonly operand: Operand; readonly condition?: never; readonly isBracketed: boolean };

const comparators: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>='];
const mostOptions = 100;

/**
 * Reads a whole ConditionExpression.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function readCondition(reader: ExpressionReader): Condition {
  const condition = asCondition(reader, readOr(reader));
  reader.expectEnd();
  return condition;
}

function readOr(reader: ExpressionReader): Part {
  let left = readAnd(reader);
  while (reader.takesWord('OR')) {
    reader.countOperator();
    left = bare({
      kind: 'or',
      left: asCondition(reader, left),
      right: asCondition(reader, readAnd(reader)),
    });
  }
  return left;
}

function readAnd(reader: ExpressionReader): Part {
  let left = readNot(reader);
  while (reader.takesWord('AND')) {
    reader.countOperator();
    left = bare({
      kind: 'and',
      left: asCondition(reader, left),
      right: asCondition(reader, readNot(reader)),
    });
  }
  return left;
}

function readNot(reader: ExpressionReader): Part {
  if (!reader.takesWord('NOT')) return readComparison(reader);
  reader.countOperator();
  return bare({ kind: 'not', of: asCondition(reader, readNot(reader)) });
}

function readComparison(reader: ExpressionReader): Part {
  const part = readPart(reader);
  if (part.operand === undefined) return part;
  const { operand } = part;
  const by = comparators.find((symbol) => reader.takes(symbol));
  if (by !== undefined) return bare(comparison(reader, operand, by));
  if (reader.takesWord('BETWEEN')) return bare(between(reader, operand));
  return reader.takesWord('IN') ? bare(membership(reader, operand)) : part;
}

function comparison(reader: ExpressionReader, left: Operand, by: Comparator): Condition {
  reader.countOperator();
  const right = readOperand(reader);
  if (by !== '=' && by !== '<>') {
    for (const operand of [left, right]) refuseOtherTypes(by, operand, ordered);
  }
  refuseSameOperand(by, left, [right]);
  return { kind: 'compare', by, left, right };
}

function between(reader: ExpressionReader, operand: Operand): Condition {
  reader.countOperator();
  const low = readOperand(reader);
  if (!reader.takesWord('AND')) throw reader.error();
  const high = readOperand(reader);
  for (const each of [operand, low, high]) refuseOtherTypes('BETWEEN', each, ordered);
  refuseSameOperand('BETWEEN', operand, [low, high]);
  return { kind: 'between', operand, low, high };
}

function membership(reader: ExpressionReader, operand: Operand): Condition {
  reader.countOperator();
  reader.expect('(');
  const options = readOperands(reader);
  if (options.length > mostOptions) throw new InvalidEffectError(`IN has more than ${mostOptions} operands`);
  refuseSameOperand('IN', operand, options);
  return { kind: 'in', operand, options };
}

/** The operands up to the closing bracket, of which there is one at least. */
function readOperands(reader: ExpressionReader): readonly Operand[] {
  const operands = [readOperand(reader)];
  while (reader.takes(',')) operands.push(readOperand(reader));
  reader.expect(')');
  return operands;
}

function readOperand(reader: ExpressionReader): Operand {
  const { operand } = readPart(reader);
  if (operand === undefined) throw reader.error();
  return operand;
}

function readPart(reader: ExpressionReader): Part {
  if (reader.takes('(')) {
    const inside = readOr(reader);
    reader.expect(')');
    if (inside.isBracketed) throw new InvalidEffectError('it has redundant brackets');
    return { ...inside, isBracketed: true };
  }
  if (isFunctionNext(reader)) return readFunction(reader);
  const operand: Operand = isPathNext(reader) ? { kind: 'path', path: readPath(reader) } : reader.value();
  return { operand, isBracketed: false };
}

function readFunction(reader: ExpressionReader): Part {
  const problem = reader.error('there is no such function in a condition');
  const { text: name } = reader.next();
  reader.countOperator();
  reader.expect('(');
  const operands = readOperands(reader);
  if (name === 'size') return { operand: sizeOf(operands), isBracketed: false };
  const condition = conditionOf(name, operands);
  if (condition === undefined) throw problem;
  return bare(condition);
}

function bare(condition: Condition): Part {
  return { condition, isBracketed: false };
}

function asCondition(reader: ExpressionReader, { condition }: Part): Condition {
  if (condition === undefined) throw reader.error();
  return condition;
}
