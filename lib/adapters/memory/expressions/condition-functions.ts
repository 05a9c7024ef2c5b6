import { InvalidEffectError } from '../refusals.ts';
import type { ValueType } from '../values/value.ts';
import { refuseOtherTypes, refuseSameOperand } from './operand-types.ts';
import type { Condition, Operand, PathOperand } from './syntax.ts';

/** Of what there is a size. */
const sized: readonly ValueType[] = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];

/** `size` with its arguments. */
export function sizeOf(operands: readonly Operand[]): Operand {
  const [of] = exactly('size', 1, operands);
  refuseOtherTypes('size', of, sized);
  if (of.kind === 'size') throw new InvalidEffectError('size cannot have an operand of type N');
  return { kind: 'size', of };
}

/** The condition of a function with its arguments; undefined if there is none of that name. */
export function conditionOf(name: string, operands: readonly Operand[]): Condition | undefined {
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists': {
      const [operand] = exactly(name, 1, operands);
      return { kind: 'exists', path: asPath(name, operand).path, expected: name === 'attribute_exists' };
    }
    case 'attribute_type': {
      const [operand, type] = exactly(name, 2, operands);
      if (type.kind !== 'value') throw new InvalidEffectError('attribute_type needs a :value as its second operand');
      return { kind: 'isOfType', operand, type };
    }
    case 'begins_with': {
      const [operand, part] = exactly(name, 2, operands);
      for (const each of [operand, part]) refuseOtherTypes(name, each, ['S', 'B']);
      refuseSameOperand(name, operand, [part]);
      return { kind: 'beginsWith', operand, part };
    }
    case 'contains': {
      const [operand, part] = exactly(name, 2, operands);
      refuseSameOperand(name, operand, [part]);
      return { kind: 'contains', operand, part };
    }
    default:
      return undefined;
  }
}

/** As many operands as asked for; the second is the first where there is but one. */
function exactly(name: string, count: 1 | 2, operands: readonly Operand[]): readonly [Operand, Operand] {
  const [first, second = first] = operands;
  if (operands.length !== count || first === undefined || second === undefined) {
    throw new InvalidEffectError(`${name} has ${operands.length} operands instead of ${count}`);
  }
  return [first, second];
}

function asPath(name: string, operand: Operand): PathOperand {
  if (operand.kind !== 'path') throw new InvalidEffectError(`${name} needs a document path`);
  return operand;
}
