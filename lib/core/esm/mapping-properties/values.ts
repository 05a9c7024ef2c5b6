import { ConfigurationError } from '../../errors/errors.ts';
import { isObject } from '../../event/is-object.ts';
import { shown } from '../rules/values.ts';

/** Properties of a resource, or of an object among them. */
export type Properties = Readonly<Record<string, unknown>>;

/** A value that CloudFormation puts in at deploy: `{ Ref }` or `{ 'Fn::…' }`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
}

export function numberOf(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  return value === undefined || typeof value === 'number' ? value : wrong(name, value, 'a number');
}

export function booleanOf(properties: Properties, name: string): boolean | undefined {
  const value = properties[name];
  return value === undefined || typeof value === 'boolean' ? value : wrong(name, value, 'true or false');
}

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || typeof value === 'string' ? value : wrong(name, value, 'a text');
}

export function objectOf(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  return value === undefined || (isObject(value) && !isIntrinsic(value)) ? value : wrong(name, value, 'an object');
}

export function listOf(properties: Properties, name: string): readonly unknown[] | undefined {
  const value = properties[name];
  return value === undefined || Array.isArray(value) ? value : wrong(name, value, 'a list');
}

/** One of the values that AWS knows. */
export function choiceOf<const T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  return choices.find((choice) => choice === value) ?? wrong(name, value, choices.join(', '));
}

export function choicesOf<const T extends string>(
  properties: Properties,
  name: string,
  choices: readonly T[],
): readonly T[] | undefined {
  return listOf(properties, name)?.map((value) => choiceOf(name, value, choices));
}

/** @throws ConfigurationError saying what was expected, always. */
export function wrong(name: string, value: unknown, expected: string): never {
  const message = isIntrinsic(value)
    ? `is ${shown(value)}, which only a deployment knows: put its value in before the settings are read`
    : `is ${shown(value)} where a template has ${expected}: pass the Properties of an AWS::Lambda::EventSourceMapping`;
  throw new ConfigurationError(name, message);
}
