import { changedValue } from './changed-value.ts';
import { type ChangedMapping, templateMappings } from './template-mappings.ts';

/**
 * The mappings whose topic or consumer group an update to another template would change, which AWS does not: the update
 * succeeds, and the mapping goes on as before.
 *
 * Source: AWS Lambda API reference, UpdateEventSourceMapping, which takes no topics; ConsumerGroupId, "you cannot update
 * this value"; github.com/aws-cloudformation/cloudformation-coverage-roadmap, issue 2140.
 */
export function fixedMappings(before: unknown, after: unknown): readonly ChangedMapping[] {
  const young = new Map(templateMappings(after).map((mapping) => [mapping.logicalId, mapping]));
  return templateMappings(before).flatMap((old) => {
    const { logicalId } = old;
    const successor = young.get(logicalId);
    if (successor === undefined) return [];
    const changes = [
      ...changedValue('Topics', old.properties.Topics, successor.properties.Topics),
      ...changedValue('ConsumerGroupId', old.consumerGroupId, successor.consumerGroupId),
    ];
    return changes.length === 0 ? [] : [{ logicalId, changes }];
  });
}
