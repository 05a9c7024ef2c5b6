import { InvalidEffectError } from '../refusals.ts';
import type { Item, ValueType } from '../values/value.ts';
import { ExpressionReader, type Placeholders } from './expression-reader.ts';
import { checkLiteral, literalsIn } from './literal-checks.ts';
import { readCondition } from './read-condition.ts';
import { readUpdate } from './read-update.ts';
import type { Condition } from './syntax.ts';
import { type MembersNode, updateTree } from './update-tree.ts';

/** The expressions of an effect, as it has them. */
export interface Expressions {
  readonly condition: string | undefined;
  readonly update: string | undefined;
  readonly names: Readonly<Record<string, string>> | undefined;
}

/** The expressions of an effect, read and checked as far as that is possible without an item. */
export interface Plan {
  readonly condition: Condition | undefined;
  readonly update: MembersNode | undefined;
  readonly literals: ReturnType<typeof literalsIn>;
}

/** Of all stores: tests make many of them, with the same few expressions. */
const plans = new Map<string, Plan>();
const mostPlans = 2_000;

/**
 * Reads the expressions, or finds what was read of the same ones before.
 *
 * @param values undefined where the effect has none; empty ones are refused.
 * Throws an `InvalidEffectError` that names the expression.
 */
export function planOf(expressions: Expressions, values: Item | undefined): Plan {
  const id = idOf(expressions, values);
  let plan = plans.get(id);
  if (plan === undefined) {
    plan = makePlan(expressions, values);
    if (plans.size >= mostPlans) plans.clear();
    plans.set(id, plan);
  }
  for (const literal of plan.literals) checkLiteral(literal, values ?? new Map());
  return plan;
}

/** All that the reading depends on: the types of values, but not what they are. */
function idOf({ condition, update, names }: Expressions, values: Item | undefined): string {
  let id = `${update ?? '\t'}\n${condition ?? '\t'}`;
  if (names !== undefined) id += `\n${JSON.stringify(names)}`;
  if (values !== undefined) {
    id += '\n:';
    for (const [placeholder, { type }] of values) id += `\n${placeholder} ${type}`;
  }
  return id;
}

function makePlan({ condition, update, names }: Expressions, values: Item | undefined): Plan {
  const placeholders: Placeholders = { names: namesOf(names), values: typesOf(values), used: new Set() };
  const read = <Result>(what: string, expression: string | undefined, as: (reader: ExpressionReader) => Result) =>
    expression === undefined ? undefined : named(what, () => as(new ExpressionReader(expression, placeholders)));
  const plan = {
    update: read('update', update, (reader) => updateTree(readUpdate(reader))),
    condition: read('condition', condition, readCondition),
  };
  const { names: given, values: typed, used } = placeholders;
  if (used.size < given.size + typed.size) {
    throw new InvalidEffectError(`${given.size + typed.size - used.size} of its names and values are in no expression`);
  }
  return { ...plan, literals: plan.condition === undefined ? [] : literalsIn(plan.condition) };
}

function named<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidEffectError) throw new InvalidEffectError(`in its ${what}: ${error.message}`);
    throw error;
  }
}

function namesOf(names: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, string> {
  const entries = Object.entries(names ?? {});
  if (names !== undefined && entries.length === 0) throw new InvalidEffectError('its names are empty');
  if (entries.some(([placeholder, name]) => !/^#\w+$/.test(placeholder) || name === '')) {
    throw new InvalidEffectError('its names must be like #name and stand for names that are not empty');
  }
  return new Map(entries);
}

function typesOf(values: Item | undefined): ReadonlyMap<string, ValueType> {
  if (values?.size === 0) throw new InvalidEffectError('its values are empty');
  const types = new Map<string, ValueType>();
  for (const [placeholder, { type }] of values ?? []) {
    if (!/^:\w+$/.test(placeholder)) throw new InvalidEffectError('its values must be named like :value');
    types.set(placeholder, type);
  }
  return types;
}
