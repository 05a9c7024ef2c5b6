import { InvalidEffectError } from '../refusals.ts';
import { orderOf } from '../values/compare-values.ts';
import type { Item, ValueType } from '../values/value.ts';
import type { Condition } from './syntax.ts';

type Literal = Extract<Condition, { kind: 'between' | 'isOfType' }>;

const types: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

/** The parts of a condition that DynamoDB refuses for what its values are, and not for their types. */
export function literalsIn(condition: Condition): readonly Literal[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...literalsIn(condition.left), ...literalsIn(condition.right)];
    case 'not':
      return literalsIn(condition.of);
    case 'isOfType':
      return [condition];
    case 'between':
      return condition.low.kind === 'value' && condition.high.kind === 'value' ? [condition] : [];
    default:
      return [];
  }
}

/** Throws an `InvalidEffectError` for an unknown type, and for bounds that are none. */
export function checkLiteral(literal: Literal, values: Item): void {
  if (literal.kind === 'isOfType') {
    const type = values.get(literal.type.name);
    if (type?.type === 'S' && types.some((name) => name === type.text)) return;
    throw new InvalidEffectError(`attribute_type needs one of ${types.join(', ')} as its second operand`);
  }
  const [low, high] = [literal.low, literal.high].map((bound) =>
    bound.kind === 'value' ? values.get(bound.name) : undefined,
  );
  const order = low === undefined || high === undefined ? undefined : orderOf(low, high);
  if (order === undefined) throw new InvalidEffectError('BETWEEN needs bounds of one type');
  if (order > 0) throw new InvalidEffectError('BETWEEN needs the lower of its bounds first');
}
