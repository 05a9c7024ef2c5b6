import { canonical } from './canonical.ts';
import { changedValue } from './changed-value.ts';
import { type ChangedMapping, type TemplateMapping, templateMappings } from './template-mappings.ts';

/** Source: CloudFormation's schema of AWS::Lambda::EventSourceMapping, `createOnlyProperties`. */
const createOnly = ['EventSourceArn', 'SelfManagedEventSource', 'StartingPosition', 'StartingPositionTimestamp'];

/**
 * The mappings in whose place an update to another template would put new ones.
 *
 * CloudFormation makes the new one before the old one goes. Of the same source, function and topic AWS refuses it; else the
 * consumer group has two readers for a while, and AWS wants its ID to be unique.
 *
 * Source: AWS Lambda developer guide, "Customizable consumer group ID"; API reference, CreateEventSourceMapping,
 * ResourceConflictException.
 */
export function replacedMappings(before: unknown, after: unknown): readonly ChangedMapping[] {
  const [old, young] = [templateMappings(before), templateMappings(after)];
  const known = new Set(old.map(({ logicalId }) => logicalId));
  const made = young.filter(({ logicalId }) => !known.has(logicalId));
  return old.flatMap((mapping) => {
    const successor = young.find(({ logicalId }) => logicalId === mapping.logicalId);
    const changes = successor === undefined ? takenOver(mapping, made) : changed(mapping, successor);
    return changes.length === 0 ? [] : [{ logicalId: mapping.logicalId, changes }];
  });
}

function changed(old: TemplateMapping, young: TemplateMapping): readonly string[] {
  return createOnly.flatMap((property) => changedValue(property, old.properties[property], young.properties[property]));
}

function takenOver(old: TemplateMapping, made: readonly TemplateMapping[]): readonly string[] {
  const group = canonical(old.consumerGroupId);
  const heir = made.find(({ consumerGroupId }) => group !== undefined && canonical(consumerGroupId) === group);
  return heir === undefined ? [] : [`is gone, and ${heir.logicalId} has its consumer group`];
}
