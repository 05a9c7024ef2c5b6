import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';
import type { Mode } from '../../lib/handler/options/mode-rules.ts';
import type { DeadLetterTargets } from '../dead-letters/dead-letters.ts';

/** What the function is told by its environment. */
export interface ToldByEnvironment {
  readonly tableName: string;
  readonly mode: Mode;
  readonly namespace: string;
  readonly clusterLabel: string;
  readonly deadLetters: DeadLetterTargets | undefined;
  /** Topics whose mapping takes partial batch responses and whose function may give them. */
  readonly reportTopics: readonly string[];
  readonly leaseMs: number | undefined;
  readonly maxAttempts: number | undefined;
}

/**
 * The function's variables: those of the toolkit, and the handler's own.
 *
 * @throws ConfigurationError for one of the toolkit's among the handler's own: two places that say different things.
 */
export function consumerEnvironment(
  told: ToldByEnvironment,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { deadLetters, reportTopics } = told;
  const name = environmentVariables;
  const rows: readonly (readonly [variable: string, setBy: string, value: string | undefined])[] = [
    [name.table, 'table', told.tableName],
    [name.mode, 'mode', told.mode],
    [name.namespace, 'namespace', told.namespace],
    [name.clusterLabel, 'source', told.clusterLabel],
    [name.deadLetterQueueUrl, 'deadLetters', deadLetters?.queue.queueUrl],
    [name.deadLetterBucket, 'deadLetters', deadLetters?.bucket?.bucketName],
    [name.reportTopics, 'failureReporting', reportTopics.length > 0 ? reportTopics.join(',') : undefined],
    [name.leaseMs, 'lease', told.leaseMs?.toString()],
    [name.maxAttempts, 'maxAttempts', told.maxAttempts?.toString()],
  ];
  for (const [variable, setBy] of rows) {
    if (variable in own) {
      throw new ConfigurationError(`environment.${variable}`, `is set by the property '${setBy}'; use that instead`);
    }
  }
  const toolkit = rows.flatMap(([variable, , value]) => (value === undefined ? [] : [[variable, value] as const]));
  return { NODE_OPTIONS: '--enable-source-maps', ...own, ...Object.fromEntries(toolkit) };
}
