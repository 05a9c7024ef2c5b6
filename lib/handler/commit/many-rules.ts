import { ConfigurationError } from '../../core/errors/errors.ts';
import type { KafkaHandlerOptions } from './mode-options.ts';

/**
 * Refuses options that contradict `handleMany`, or have no meaning without it.
 *
 * @throws ConfigurationError naming the option.
 */
export function checkMany(options: KafkaHandlerOptions): void {
  const { handle, handleMany, maxRecords }: { handle?: unknown; handleMany?: unknown; maxRecords?: unknown } = options;
  if (handleMany === undefined) {
    if (maxRecords !== undefined) throw new ConfigurationError('maxRecords', 'needs handleMany');
    return;
  }
  if (handle !== undefined) {
    throw new ConfigurationError('handleMany', 'stands in the place of handle: give one of the two');
  }
  if ('storeResult' in options && options.storeResult === true) {
    throw new ConfigurationError('storeResult', 'contradicts handleMany: there is no result of a single record');
  }
}
