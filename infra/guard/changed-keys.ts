import { isObject } from '../../lib/core/event/is-object.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';

/** A function whose idempotency keys an update of its stack would change. */
export interface ChangedKeys {
  readonly logicalId: string;
  /** Names what changed: `KAFKA_ONCE_NAMESPACE changes from "a" to "b"`. */
  readonly changes: readonly string[];
}

/** What goes into keys, or says where their markers are. */
const inKeys = [environmentVariables.namespace, environmentVariables.clusterLabel, environmentVariables.table];

/**
 * The functions of a template whose namespace, cluster label or table an update to another template would change: their
 * markers stay behind, as with a table that is replaced.
 *
 * A function that is gone and came back under another name is known by its namespace, which stays with the construct's path.
 */
export function changedKeys(before: unknown, after: unknown): readonly ChangedKeys[] {
  const young = functionsOf(after);
  return functionsOf(before).flatMap(({ logicalId, variables }) => {
    const successor =
      young.find((one) => one.logicalId === logicalId) ??
      young.find((one) => one.variables[environmentVariables.namespace] === variables[environmentVariables.namespace]);
    if (successor === undefined) return [{ logicalId, changes: ['is gone, and nothing has its namespace'] }];
    const changes = inKeys.flatMap((name) => {
      const [was, is] = [variables[name], successor.variables[name]];
      return was === is ? [] : [`${name} changes from ${was ?? 'none'} to ${is ?? 'none'}`];
    });
    return changes.length === 0 ? [] : [{ logicalId, changes }];
  });
}

interface Consumer {
  readonly logicalId: string;
  /** As JSON, because a value may be a reference. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The functions that have a namespace. */
function functionsOf(template: unknown): readonly Consumer[] {
  if (!isObject(template) || !isObject(template.Resources)) return [];
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || resource.Type !== 'AWS::Lambda::Function' || !isObject(resource.Properties)) return [];
    const { Environment: environment } = resource.Properties;
    const variables = isObject(environment) ? environment.Variables : undefined;
    if (!isObject(variables) || !(environmentVariables.namespace in variables)) return [];
    const texts = Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)] as const);
    return [{ logicalId, variables: Object.fromEntries(texts) }];
  });
}
