import { MisfitError } from '../refusals.ts';
import { addNumbers } from '../values/number-text.ts';
import type { Item, Value } from '../values/value.ts';
import { valueAt } from './document-path.ts';
import type { Action, SetOperand, SetValue } from './syntax.ts';

/**
 * What is at the action's place afterwards; undefined for nothing.
 *
 * @param item All of it as it was before the update.
 * @param current What it holds at the action's place.
 */
export function evaluateAction(
  action: Action,
  item: Item,
  current: Value | undefined,
  values: Item,
): Value | undefined {
  switch (action.kind) {
    case 'set':
      return setValue(action.value, item, values);
    case 'remove':
      return undefined;
    case 'add': {
      const operand = values.get(action.operand.name);
      return current === undefined ? operand : sum(current, operand, 1, union);
    }
    case 'delete':
      return current === undefined ? undefined : sum(current, values.get(action.operand.name), -1, difference);
  }
}

function setValue(value: SetValue, item: Item, values: Item): Value {
  if (value.kind === 'sum') {
    return sum(operandValue(value.left, item, values), operandValue(value.right, item, values), value.sign) ?? misfit();
  }
  if (value.kind !== 'listAppend') return operandValue(value, item, values);
  const [first, second] = [value.first, value.second].map((operand) => operandValue(operand, item, values));
  if (first?.type !== 'L' || second?.type !== 'L') return misfit();
  return { type: 'L', elements: [...first.elements, ...second.elements] };
}

function operandValue(operand: SetOperand, item: Item, values: Item): Value {
  if (operand.kind === 'value') return values.get(operand.name) ?? misfit();
  if (operand.kind === 'ifNotExists') {
    // DynamoDB works out both operands, and refuses one that is not there even if it is not needed.
    const otherwise = operandValue(operand.otherwise, item, values);
    return valueAt(item, operand.path) ?? otherwise;
  }
  const value = valueAt(item, operand.path);
  if (value === undefined) throw new MisfitError('it reads an attribute that the item does not have');
  return value;
}

type Combine = (a: readonly string[], b: readonly string[]) => readonly string[];

/** Of two numbers, or of two sets of one type where `combine` is given; undefined for an empty set. */
function sum(a: Value, b: Value | undefined, sign: 1 | -1, combine?: Combine): Value | undefined {
  if (a.type === 'N' && b?.type === 'N') return { type: 'N', text: addNumbers(a.text, b.text, sign) };
  if (a.type !== 'SS' && a.type !== 'NS' && a.type !== 'BS') return misfit();
  if (b?.type !== a.type || combine === undefined) return misfit();
  const texts = combine(a.texts, b.texts);
  return texts.length === 0 ? undefined : { type: a.type, texts };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.filter((text) => !b.includes(text));
}

function misfit(): never {
  throw new MisfitError('an operand has the wrong type');
}
