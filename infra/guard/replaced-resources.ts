import { isObject } from '../../lib/core/event/is-object.ts';
import { changedValue } from './changed-value.ts';
import { type StatefulType, statefulTypes } from './stateful-types.ts';

/** A resource whose contents an update of its stack would leave behind or delete. */
export interface ReplacedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Names what changed: `is gone`, `becomes AWS::SQS::Queue`, `KeySchema changes from … to …`. */
  readonly changes: readonly string[];
}

interface Resource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The stateful resources of a template that an update to another template would remove or replace.
 *
 * Both are CloudFormation templates, as `aws cloudformation get-template` and `cdk synth` give them. A resource that keeps
 * its data by `DeletionPolicy: Retain` counts as well: its data stays, and the functions work on an empty one.
 *
 * @throws TypeError if one of them is no template.
 */
export function replacedResources(before: unknown, after: unknown): readonly ReplacedResource[] {
  const resourcesAfter = new Map(resourcesOf(after, 'the new template'));
  return resourcesOf(before, 'the deployed template').flatMap(([logicalId, old]) => {
    const stateful = statefulTypes[old.type];
    if (stateful === undefined) return [];
    const changes = changesOf(stateful, old, resourcesAfter.get(logicalId));
    return changes.length === 0 ? [] : [{ logicalId, type: old.type, changes }];
  });
}

function changesOf(stateful: StatefulType, old: Resource, young: Resource | undefined): readonly string[] {
  if (young === undefined) return ['is gone'];
  if (young.type !== old.type) return [`becomes ${young.type}`];
  return stateful.immutable.flatMap((property) => {
    const [was, is] = [old, young].map(({ properties }) => properties[property] ?? stateful.defaults?.[property]);
    const changes = changedValue(property, was, is);
    return changes.length === 0 && property === 'KeySchema' ? keyTypeChanges(old, young) : changes;
  });
}

/** Attributes may come and go with indexes; the type of one that is a key replaces the table. */
function keyTypeChanges(old: Resource, young: Resource): readonly string[] {
  return listOf(old.properties.KeySchema).flatMap(({ AttributeName: name }) => {
    const [was, is] = [old, young].map(({ properties }) =>
      listOf(properties.AttributeDefinitions).find(({ AttributeName }) => AttributeName === name),
    );
    if (was?.AttributeType === is?.AttributeType) return [];
    return [
      `AttributeType of ${String(name)} changes from ${String(was?.AttributeType)} to ${String(is?.AttributeType)}`,
    ];
  });
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function resourcesOf(template: unknown, name: string): readonly (readonly [string, Resource])[] {
  if (!isObject(template) || !isObject(template.Resources)) {
    throw new TypeError(`${name} has no Resources: it is no CloudFormation template`);
  }
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || typeof resource.Type !== 'string') return [];
    const properties = isObject(resource.Properties) ? resource.Properties : {};
    return [[logicalId, { type: resource.Type, properties }] as const];
  });
}
