import { ConfigurationError } from '../lib/index.ts';

/**
 * The value of an environment variable that a handler cannot do without.
 *
 * Asked for when the module is loaded: a function that lacks it fails as a whole, before it could blame its records.
 *
 * @throws ConfigurationError naming the variable.
 */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new ConfigurationError(name, 'is missing in the environment of the function');
}
