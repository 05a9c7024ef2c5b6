import { InvalidEffectError } from '../refusals.ts';
import type { Action } from './syntax.ts';

/** The actions of an update by the places that they change. */
export type UpdateNode = Action | MembersNode | ElementsNode;

export interface MembersNode {
  readonly kind: 'members';
  readonly changes: ReadonlyMap<string, UpdateNode>;
}

/** By index, lowest first. */
export interface ElementsNode {
  readonly kind: 'elements';
  readonly changes: ReadonlyMap<number, UpdateNode>;
}

interface Placed {
  readonly action: Action;
  readonly steps: readonly (string | number)[];
}

/** Throws an `InvalidEffectError` if two actions are on one place, one inside the other's, or take a list for a map. */
export function updateTree(actions: readonly Action[]): MembersNode {
  const root = nodeOf(actions.map((action) => ({ action, steps: action.path })));
  if (root.kind !== 'members') throw new InvalidEffectError('it changes nothing');
  return root;
}

function nodeOf(placed: readonly Placed[]): UpdateNode {
  const [first, ...others] = placed;
  const here = placed.find(({ steps }) => steps.length === 0);
  if (first === undefined || (here !== undefined && others.length > 0)) {
    throw new InvalidEffectError('two of its paths overlap');
  }
  if (here !== undefined) return here.action;
  const changes = new Map([...groups(placed)].map(([step, group]) => [step, nodeOf(group)]));
  const names = [...changes].flatMap(([step, node]) => (typeof step === 'string' ? [[step, node] as const] : []));
  if (names.length === changes.size) return { kind: 'members', changes: new Map(names) };
  if (names.length > 0) throw new InvalidEffectError('two of its paths take one place for a map and for a list');
  const indices = [...changes].flatMap(([step, node]) => (typeof step === 'number' ? [[step, node] as const] : []));
  return { kind: 'elements', changes: new Map(indices.sort(([a], [b]) => a - b)) };
}

function groups(placed: readonly Placed[]): Map<string | number, Placed[]> {
  const grouped = new Map<string | number, Placed[]>();
  for (const { action, steps } of placed) {
    const [step = '', ...rest] = steps;
    const group = grouped.get(step) ?? [];
    group.push({ action, steps: rest });
    grouped.set(step, group);
  }
  return grouped;
}
