import type { CfnEventSourceMappingProps } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EventSourceMappingSettings } from '../../lib/core/esm/settings.ts';
import { settingsOfMapping } from '../../lib/core/esm/settings-of-mapping.ts';
import { isObject } from '../../lib/core/event/is-object.ts';

/**
 * What raw properties say of the mapping, so that the same rules apply to them; what only the deployment knows is left out.
 *
 * @throws ConfigurationError naming a property that a mapping for Kafka does not have.
 */
export function overriddenSettings(
  scope: Construct,
  overrides: Partial<CfnEventSourceMappingProps> = {},
): EventSourceMappingSettings {
  const { destinationConfig, ...others } = overrides;
  const known = isInFull(Stack.of(scope).resolve(destinationConfig)) ? overrides : others;
  const properties = asInTemplate(Stack.of(scope).resolve(known));
  const { topic, ...settings } = settingsOfMapping({ Topics: ['-'], ...(isObject(properties) && properties) });
  return topic === undefined || topic === '-' ? settings : { ...settings, topic };
}

function isInFull(destination: unknown): boolean {
  return !JSON.stringify(destination ?? '').includes('"Fn::') && !JSON.stringify(destination ?? '').includes('"Ref"');
}

/** CloudFormation's names are those of CDK with a capital. */
function asInTemplate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInTemplate);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
    name === 'Ref' || name.startsWith('Fn::') ? name : name.charAt(0).toUpperCase() + name.slice(1),
    asInTemplate(member),
  ]);
  return Object.fromEntries(entries);
}
