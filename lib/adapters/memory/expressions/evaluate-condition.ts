import { equalValues, orderOf } from '../values/compare-values.ts';
import type { Item, Value } from '../values/value.ts';
import { valueAt } from './document-path.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** Whether a condition holds for an item; one that is not there has no attributes. */
export function holds(condition: Condition, item: Item, values: Item): boolean {
  const of = (operand: Operand): Value | undefined => operandValue(operand, item, values);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, values) && holds(condition.right, item, values);
    case 'or':
      return holds(condition.left, item, values) || holds(condition.right, item, values);
    case 'not':
      return !holds(condition.of, item, values);
    case 'compare':
      return compares(condition.by, of(condition.left), of(condition.right));
    case 'between': {
      const operand = of(condition.operand);
      return compares('>=', operand, of(condition.low)) && compares('<=', operand, of(condition.high));
    }
    case 'in': {
      const operand = of(condition.operand);
      return condition.options.some((option) => compares('=', operand, of(option)));
    }
    case 'exists':
      return (valueAt(item, condition.path) !== undefined) === condition.expected;
    case 'isOfType': {
      const type = values.get(condition.type.name);
      return type?.type === 'S' && of(condition.operand)?.type === type.text;
    }
    case 'beginsWith':
      return beginsWith(of(condition.operand), of(condition.part));
    case 'contains':
      return contains(of(condition.operand), of(condition.part));
  }
}

/** The bytes of binary data, the length of a text as JavaScript counts it, the members of anything else that has some. */
function sizeOfValue(value: Value): number | undefined {
  switch (value.type) {
    case 'S':
    case 'B':
      return value.text.length;
    case 'SS':
    case 'NS':
    case 'BS':
      return value.texts.length;
    case 'L':
      return value.elements.length;
    case 'M':
      return value.members.size;
    default:
      return undefined;
  }
}

function operandValue(operand: Operand, item: Item, values: Item): Value | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return values.get(operand.name);
  const value = operandValue(operand.of, item, values);
  const size = value === undefined ? undefined : sizeOfValue(value);
  return size === undefined ? undefined : { type: 'N', text: String(size) };
}

/** What is not there differs from everything, and compares with nothing. */
function compares(by: Comparator, a: Value | undefined, b: Value | undefined): boolean {
  if (by === '=' || by === '<>') return (a !== undefined && b !== undefined && equalValues(a, b)) === (by === '=');
  const order = a === undefined || b === undefined ? undefined : orderOf(a, b);
  if (order === undefined) return false;
  if (order === 0) return by === '<=' || by === '>=';
  return order < 0 === (by === '<' || by === '<=');
}

function beginsWith(value: Value | undefined, part: Value | undefined): boolean {
  if (value?.type !== 'S' && value?.type !== 'B') return false;
  return part?.type === value.type && value.text.startsWith(part.text);
}

const setTypes = { S: 'SS', N: 'NS', B: 'BS' } as const;

function contains(value: Value | undefined, part: Value | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (value.type === 'L') return value.elements.some((element) => equalValues(element, part));
  if (part.type !== 'S' && part.type !== 'N' && part.type !== 'B') return false;
  if (value.type === setTypes[part.type]) return value.texts.includes(part.text);
  return value.type === part.type && part.type !== 'N' && value.text.includes(part.text);
}
