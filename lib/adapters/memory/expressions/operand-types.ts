import { InvalidEffectError } from '../refusals.ts';
import type { ValueType } from '../values/value.ts';
import { isSamePath } from './document-path.ts';
import type { Operand } from './syntax.ts';

/** The types that have an order. */
export const ordered: readonly ValueType[] = ['S', 'N', 'B'];

/** The type of an operand whatever the item is; undefined for what stands at a path. */
function knownType(operand: Operand): ValueType | undefined {
  if (operand.kind === 'path') return undefined;
  return operand.kind === 'size' ? 'N' : operand.type;
}

/** Throws an `InvalidEffectError` if the operand can have none of the types. */
export function refuseOtherTypes(what: string, operand: Operand, types: readonly ValueType[]): void {
  const type = knownType(operand);
  if (type !== undefined && !types.includes(type)) {
    throw new InvalidEffectError(`${what} cannot have an operand of type ${type}`);
  }
}

/** Throws an `InvalidEffectError` if what is compared is compared with itself. */
export function refuseSameOperand(what: string, first: Operand, others: readonly Operand[]): void {
  if (first.kind !== 'path') return;
  if (others.some((other) => other.kind === 'path' && isSamePath(first.path, other.path))) {
    throw new InvalidEffectError(`${what} needs operands that differ`);
  }
}
