import { Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { isObject } from '../../lib/core/event/is-object.ts';

/** Says of resources with a wildcard in the policies below a construct why they are right as they are. */
export function acknowledgeWildcards(scope: Construct, resources: readonly string[], reason: string): void {
  for (const resource of resources) {
    const shown = asNagShows(Stack.of(scope).resolve(resource));
    Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${shown}]`, reason });
  }
}

/** cdk-nag shows what only the deployment knows as `<LogicalId>` and `<LogicalId.Attribute>`. */
function asNagShows(resolved: unknown): string {
  if (!isObject(resolved)) return String(resolved);
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resolved;
  if (typeof ref === 'string') return `<${ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.map(asNagShows).join('.')}>`;
  const [delimiter, parts]: readonly unknown[] = Array.isArray(join) ? join : [];
  if (Array.isArray(parts)) return parts.map(asNagShows).join(String(delimiter));
  return JSON.stringify(resolved);
}
