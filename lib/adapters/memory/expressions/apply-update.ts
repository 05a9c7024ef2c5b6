import { MisfitError } from '../refusals.ts';
import { deepestContainer } from '../values/read-attribute.ts';
import type { Item, Members, Value } from '../values/value.ts';
import { evaluateAction } from './evaluate-action.ts';
import type { MembersNode, UpdateNode } from './update-tree.ts';

/**
 * The item after an update; the one before it is not changed.
 *
 * Every action sees the item as it was before. Throws a `MisfitError` if one of them cannot be done to this item.
 */
export function applyUpdate({ changes }: MembersNode, item: Item, values: Item): Item {
  const changed = (node: UpdateNode, current: Value | undefined): Value | undefined => {
    if (node.kind === 'members') {
      if (current?.type !== 'M') return misplaced();
      return { type: 'M', members: changeMembers(node.changes, current.members, changed) };
    }
    if (node.kind === 'elements') {
      if (current?.type !== 'L') return misplaced();
      return { type: 'L', elements: changeElements(node.changes, current.elements, changed) };
    }
    const value = evaluateAction(node, item, current, values);
    if (value !== undefined && depthOf(value) + node.path.length - 1 > deepestContainer) {
      throw new MisfitError('it makes the item deeper than 32 levels');
    }
    return value;
  };
  return changeMembers(changes, item, changed);
}

type Change = (node: UpdateNode, current: Value | undefined) => Value | undefined;

function changeMembers(changes: ReadonlyMap<string, UpdateNode>, members: Members, change: Change): Members {
  const after = new Map(members);
  for (const [name, node] of changes) {
    const value = change(node, members.get(name));
    if (value === undefined) after.delete(name);
    else after.set(name, value);
  }
  return after;
}

/** Indices are those before the update; what is set beyond the end is appended in the order of the indices. */
function changeElements(
  changes: ReadonlyMap<number, UpdateNode>,
  elements: readonly Value[],
  change: Change,
): readonly Value[] {
  const after: (Value | undefined)[] = [...elements];
  for (const [index, node] of changes) {
    const value = change(node, elements[index]);
    if (index < elements.length) after[index] = value;
    else after.push(value);
  }
  return after.filter((element) => element !== undefined);
}

/** How many lists and maps are inside one another. */
function depthOf(value: Value): number {
  if (value.type !== 'L' && value.type !== 'M') return 0;
  const inside = value.type === 'L' ? value.elements : [...value.members.values()];
  return 1 + inside.reduce((deepest, element) => Math.max(deepest, depthOf(element)), 0);
}

function misplaced(): never {
  throw new MisfitError('a path leads into what is not there, or is no map or list');
}
