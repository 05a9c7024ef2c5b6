import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

/**
 * Ends the synthesis if there are problems, and tells all of them at once.
 *
 * @throws ConfigurationError with the property of the first problem.
 */
export function refuse(problems: readonly SettingsProblem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const messages = [first.message, ...others.map(({ property, message }) => `${property}: ${message}`)];
  throw new ConfigurationError(first.property, messages.join('\n'));
}
