import { isObject } from '../event/is-object.ts';
import type { Path, PathStep } from './path-expression.ts';

function take(step: PathStep, value: unknown): unknown {
  switch (step.kind) {
    case 'name':
      return isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : null;
    case 'index':
      return Array.isArray(value) ? value.at(step.index) : null;
    case 'list':
      return step.members.map((member) => selectPath(member, value));
    case 'object':
      return Object.fromEntries(step.members.map(([name, member]) => [name, selectPath(member, value)]));
  }
}

/**
 * What a path finds in a value; null where there is nothing, or undefined.
 *
 * As in JMESPath, but for names that a value has not itself: what its class or `Object.prototype` gives it is not found.
 */
export function selectPath(path: Path, value: unknown): unknown {
  let found: unknown = value ?? null;
  for (const step of path) {
    if (found === null) return null;
    found = take(step, found) ?? null;
  }
  return found;
}
