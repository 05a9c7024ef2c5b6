import type { AttributeMap } from './attribute-value.ts';

/**
 * What becomes of a record whose effect's condition does not hold, once it is certain that the record did not take effect
 * before.
 *
 * - `'fail'`: it fails and is tried again.
 * - `'skip'`: none of its effects is written, and it counts as handled.
 * - `'reject'`: trying again is useless: it goes to the dead letters.
 */
export type OnConditionFailed = 'fail' | 'skip' | 'reject';

/** What all effects have; expressions, names and values as DynamoDB takes them. */
export interface EffectTerms {
  readonly table: string;
  readonly condition: string | undefined;
  readonly names: Readonly<Record<string, string>> | undefined;
  readonly values: AttributeMap | undefined;
  readonly onConditionFailed: OnConditionFailed;
}

/** One write, or one check, of a handler on a table of its own; carried out with the marker or not at all. */
export type Effect =
  | (EffectTerms & { readonly kind: 'put'; readonly item: AttributeMap })
  | (EffectTerms & { readonly kind: 'update'; readonly key: AttributeMap; readonly update: string })
  | (EffectTerms & { readonly kind: 'delete'; readonly key: AttributeMap })
  | (EffectTerms & { readonly kind: 'check'; readonly key: AttributeMap; readonly condition: string });
