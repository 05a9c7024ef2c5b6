import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

/**
 * What is wrong with the namespace of a consumer, which is part of the names of its metrics and alarms.
 *
 * Stricter than what the handler takes: CloudWatch has fewer characters for the namespace of a metric. One that only the
 * deployment knows passes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function namespaceProblems(namespace: string): readonly SettingsProblem[] {
  if (Token.isUnresolved(namespace) || /^[A-Za-z0-9._/#:-]{1,100}$/.test(namespace)) return [];
  const message = `is '${namespace}'; it is to be 1 to 100 letters, digits and . - _ / # : (it names metrics too)`;
  return [{ property: 'namespace', message }];
}
