import { environmentVariables } from '../../lib/handler/options/environment.ts';
import { counterpart, type TemplateFunction, templateFunctions } from './template-functions.ts';

/** A function whose idempotency keys, or what it knows records by, an update of its stack would change. */
export interface ChangedKeys {
  readonly logicalId: string;
  /** Names what changed: `KAFKA_ONCE_NAMESPACE changes from "a" to "b"`. */
  readonly changes: readonly string[];
}

/** What goes into keys, or says where their markers are. */
const inKeys = [environmentVariables.namespace, environmentVariables.clusterLabel, environmentVariables.table];

/**
 * The functions of a template whose namespace, cluster label or table an update to another template would change: their
 * markers stay behind, as with a table that is replaced. So they do where a mode becomes `position`, and positions where it
 * was: neither is known to the other.
 */
export function changedKeys(before: unknown, after: unknown): readonly ChangedKeys[] {
  const young = templateFunctions(after);
  return templateFunctions(before).flatMap((old) => {
    const { logicalId, variables } = old;
    const successor = counterpart(old, young);
    if (successor === undefined) return [{ logicalId, changes: ['is gone, and nothing has its namespace'] }];
    const names = [old, successor].some(isByPosition) ? [...inKeys, environmentVariables.mode] : inKeys;
    const changes = names.flatMap((name) => {
      const [was, is] = [variables[name], successor.variables[name]];
      return was === is ? [] : [`${name} changes from ${was ?? 'none'} to ${is ?? 'none'}`];
    });
    return changes.length === 0 ? [] : [{ logicalId, changes }];
  });
}

function isByPosition({ variables }: TemplateFunction): boolean {
  return variables[environmentVariables.mode] === '"position"';
}
