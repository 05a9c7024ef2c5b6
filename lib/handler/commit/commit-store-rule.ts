import { ConfigurationError } from '../../core/errors/errors.ts';
import type { Mode } from '../options/mode-rules.ts';

/**
 * Refuses a store that cannot commit, in the modes that do nothing else.
 *
 * @throws ConfigurationError naming what it lacks.
 */
export function checkCommitStore(mode: Mode, store: object): void {
  const missing = ['commit', 'setMarks', 'readPositions'].filter(
    (name) => typeof Reflect.get(store, name) !== 'function',
  );
  if (missing.length === 0) return;
  throw new ConfigurationError(
    'store',
    `has no ${missing.join(', ')}, which mode '${mode}' needs: import dynamoDbStore from 'kafka-once/modes'`,
  );
}
