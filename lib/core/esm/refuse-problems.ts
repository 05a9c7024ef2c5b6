import { ConfigurationError } from '../errors/errors.ts';
import type { SettingsProblem } from './settings.ts';

/**
 * Tells all problems in one error.
 *
 * @throws ConfigurationError with the property of the first; nothing where there is no problem.
 */
export function refuseProblems(problems: readonly SettingsProblem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const rest = others.map(({ property, message }) => `\n${property}: ${message}`);
  throw new ConfigurationError(first.property, [first.message, ...rest].join(''));
}
