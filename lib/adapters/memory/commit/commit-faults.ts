import type { AttributeMap } from '../../../core/effects/attribute-value.ts';
import type { Effect } from '../../../core/effects/effect.ts';
import type { CancellationReason, Commit } from '../../../ports/commit-store.ts';
import type { StoreFault, StoreFaultChoice } from '../fault.ts';
import { isByKey } from '../requests.ts';
import type { Tables } from '../tables/tables.ts';

/** The keys by which a fault can be given to single writes of a commit, in their order. */
export function keysOf(tables: Tables, { marks, positions, effects }: Commit): readonly string[] {
  return [
    ...marks.map(({ idempotencyKey }) => idempotencyKey),
    ...positions.map(({ positionKey }) => positionKey),
    ...effects.map((effect) => effectKey(tables, effect)),
  ];
}

/** What a fault does to a commit: cancels it, or hits it as it hits any request. */
export type CommitFault =
  | { readonly kind: 'cancelled'; readonly reasons: readonly CancellationReason[] }
  | { readonly kind: 'request'; readonly fault: StoreFault | undefined };

/** The fault that was chosen for a commit with these keys. */
export function commitFault(choice: StoreFaultChoice, keys: () => readonly string[]): CommitFault {
  if (choice === 'conflict') return { kind: 'cancelled', reasons: keys().map(() => 'conflict') };
  if (!isByKey(choice)) return { kind: 'request', fault: choice };
  const faults = keys().map((key) => choice.get(key));
  const whole = faults.find((fault) => fault !== undefined && fault !== 'throttle' && fault !== 'conflict');
  if (whole !== undefined || faults.every((fault) => fault === undefined)) return { kind: 'request', fault: whole };
  const reasons = { throttle: 'throttled', conflict: 'conflict' } as const;
  return {
    kind: 'cancelled',
    reasons: faults.map((fault) => (fault === 'throttle' || fault === 'conflict' ? reasons[fault] : 'none')),
  };
}

function effectKey(tables: Tables, effect: Effect): string {
  const attributes: AttributeMap = effect.kind === 'put' ? effect.item : effect.key;
  const names = tables.get(effect.table)?.schema.map(({ name }) => name) ?? [];
  const texts = names.map((name) => {
    const value = attributes[name] ?? { NULL: true };
    return 'S' in value ? value.S : 'N' in value ? value.N : '';
  });
  return [effect.table, ...texts].join('/');
}
