import { InvalidEffectError } from '../refusals.ts';
import type { ValueType } from '../values/value.ts';
import { isFunctionNext, isPathNext, isSamePath, readPath } from './document-path.ts';
import type { ExpressionReader } from './expression-reader.ts';
import type { SetOperand, SetValue } from './syntax.ts';

interface Part {
  readonly value: SetValue;
  readonly isBracketed: boolean;
}

/** Reads what stands on the right of a SET: an operand, a sum or difference of two, or a `list_append`. */
export function readSetValue(reader: ExpressionReader): SetValue {
  return readSum(reader).value;
}

function readSum(reader: ExpressionReader): Part {
  const left = readPart(reader);
  const sign = reader.takes('+') ? 1 : reader.takes('-') ? -1 : undefined;
  if (sign === undefined) return left;
  reader.countOperator();
  const first = asOperand(reader, left.value);
  const second = asOperand(reader, readPart(reader).value);
  for (const operand of [first, second]) refuseOtherType(sign === 1 ? '+' : '-', operand, 'N');
  return { value: { kind: 'sum', sign, left: first, right: second }, isBracketed: false };
}

function readPart(reader: ExpressionReader): Part {
  if (reader.takes('(')) {
    const inside = readSum(reader);
    reader.expect(')');
    if (inside.isBracketed) throw new InvalidEffectError('it has redundant brackets');
    return { ...inside, isBracketed: true };
  }
  if (isFunctionNext(reader)) return { value: readFunction(reader), isBracketed: false };
  const value: SetOperand = isPathNext(reader) ? { kind: 'path', path: readPath(reader) } : reader.value();
  return { value, isBracketed: false };
}

function readFunction(reader: ExpressionReader): SetValue {
  const problem = reader.error('there is no such function in an update');
  const { text: name } = reader.next();
  if (name !== 'if_not_exists' && name !== 'list_append') throw problem;
  reader.countOperator();
  reader.expect('(');
  const first = asOperand(reader, readPart(reader).value);
  reader.expect(',');
  const second = asOperand(reader, readPart(reader).value);
  reader.expect(')');
  if (name === 'list_append') {
    for (const operand of [first, second]) refuseOtherType(name, operand, 'L');
    return { kind: 'listAppend', first, second };
  }
  if (first.kind !== 'path') throw new InvalidEffectError('if_not_exists needs a document path');
  if (second.kind === 'path' && isSamePath(first.path, second.path)) {
    throw new InvalidEffectError('if_not_exists needs operands that differ');
  }
  return { kind: 'ifNotExists', path: first.path, otherwise: second };
}

/** Sums and appended lists are operands of nothing. */
function asOperand(reader: ExpressionReader, value: SetValue): SetOperand {
  if (value.kind === 'sum' || value.kind === 'listAppend') throw reader.error();
  return value;
}

function refuseOtherType(what: string, operand: SetOperand, type: ValueType): void {
  if (operand.kind === 'value' && operand.type !== type) {
    throw new InvalidEffectError(`${what} cannot have an operand of type ${operand.type}`);
  }
}
