import { ConfigurationError } from '../../core/errors/errors.ts';

/**
 * Refuses what breaks the order that `position` mode trusts; `reports`: reports are granted, by option or environment.
 *
 * @throws ConfigurationError naming the option.
 */
export function checkPosition(options: { readonly ordering?: unknown }, reports: boolean): void {
  if (options.ordering !== undefined && options.ordering !== 'partition') {
    throw new ConfigurationError(
      'ordering',
      "must be 'partition' in mode 'position': a position speaks for an ordered prefix",
    );
  }
  if (reports) {
    throw new ConfigurationError(
      'failureReporting',
      "must be 'throw' in mode 'position', and KAFKA_ONCE_REPORT_TOPICS must not be set: retries of single records would break its order",
    );
  }
}
