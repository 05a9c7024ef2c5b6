import { PartsError } from './parts-error.ts';

/** How servers are started. */
export type Way = 'processes' | 'docker';

/**
 * The way that a variable's value asks for, undefined when it is not set.
 *
 * @throws PartsError naming the variable when its value is no way.
 */
export function askedWay(variable: string, value: string | undefined): Way | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === 'processes' || value === 'docker') return value;
  throw new PartsError(`${variable} is '${value}': set it to 'processes' or 'docker', or leave it out.`);
}
