import { type Changes, compileChanges } from './attribute-changes.ts';
import type { Effect, EffectTerms } from './effect.ts';
import { Placeholders } from './placeholders.ts';
import { readKey } from './read-effect.ts';
import type { Given } from './refuse.ts';

/** An update whose expression, and the condition where one is made here, are generated beside what the user wrote. */
export function generatedUpdate(
  terms: EffectTerms,
  given: Given,
  changes: Changes,
  conditionOf?: (placeholders: Placeholders) => string,
): Effect {
  const placeholders = new Placeholders(
    [terms.condition, ...Object.keys(terms.names ?? {}), ...Object.keys(terms.values ?? {})].join(' '),
  );
  const key = readKey(given.key);
  const update = compileChanges(changes, key, placeholders);
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
