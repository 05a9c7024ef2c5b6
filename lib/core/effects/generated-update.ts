import { type Changes, compileChanges } from './attribute-changes.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { Effect, EffectTerms } from './effect.ts';
import { Placeholders } from './placeholders.ts';
import type { Refuse } from './refuse.ts';

/** An update whose expression, and the condition where one is made here, are generated beside what the user wrote. */
export function generatedUpdate(
  terms: EffectTerms,
  key: AttributeMap,
  changes: Changes,
  refuse: Refuse,
  conditionOf?: (placeholders: Placeholders) => string,
): Effect {
  const placeholders = new Placeholders(
    [terms.condition, ...Object.keys(terms.names ?? {}), ...Object.keys(terms.values ?? {})].join(' '),
  );
  const update = compileChanges(changes, key, placeholders, refuse);
  const condition = conditionOf?.(placeholders) ?? terms.condition;
  const values = { ...terms.values, ...placeholders.values };
  return {
    ...terms,
    kind: 'update',
    key,
    update,
    condition,
    names: { ...terms.names, ...placeholders.names },
    values: Object.keys(values).length === 0 ? undefined : values,
  };
}
