import { ConfigurationError } from '../../core/errors/errors.ts';
import { type Environment, environmentVariables, variable } from './environment.ts';
import { type Mode, modes } from './mode-rules.ts';

/**
 * Refuses a mode that the function was not deployed for: its role may lack what the mode does, and its mapping what the mode
 * trusts.
 *
 * @throws ConfigurationError naming both modes, or the variable where it names none.
 */
export function checkDeployedMode(mode: Mode, environment: Environment): void {
  const deployed = variable(environment, 'mode');
  if (deployed === undefined || deployed === mode) return;
  const name = environmentVariables.mode;
  if (!modes.some((known) => known === deployed)) {
    throw new ConfigurationError(name, `must be one of ${modes.join(', ')}, and is ${deployed}`);
  }
  throw new ConfigurationError(
    'mode',
    `is '${mode}', and ${name} is '${deployed}', for which role and event source mapping were deployed: give the handler and its deployment the same mode`,
  );
}
