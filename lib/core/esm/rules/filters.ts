import { isObject } from '../../event/is-object.ts';
import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';
import { shown } from './values.ts';

/** Developer guide, `invocation-eventfiltering`: patterns a mapping, 5 unless AWS raised the quota; API: their length. */
const mostFilters = 5;
const mostCharacters = 4096;

/** AWS refuses the filters, or a pattern among them. */
export function filterProblems({ filters }: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (filters === undefined) return [];
  if (!Array.isArray(filters)) {
    return [{ property: 'filters', message: `is ${shown(filters)}; give a list of patterns, each as JSON text` }];
  }
  const patterns: readonly unknown[] = filters;
  const problems = patterns.flatMap((pattern, index) => {
    const fault = faultOf(pattern);
    return fault === undefined ? [] : [{ property: `filters[${index}]`, message: fault }];
  });
  if (patterns.length <= mostFilters) return problems;
  const message = `has ${patterns.length} patterns; AWS allows ${mostFilters}: put alternatives into one pattern`;
  return [{ property: 'filters', message }, ...problems];
}

function faultOf(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return `is ${shown(pattern)}; give the pattern as JSON text`;
  if (pattern.length > mostCharacters) {
    return `has ${pattern.length} characters; AWS allows ${mostCharacters}: shorten it, or filter in the handler`;
  }
  const parsed = parse(pattern);
  if (!isObject(parsed)) {
    return `is ${shown(pattern)}, which is no JSON object: AWS takes a pattern such as {"value":{"status":["paid"]}}`;
  }
  const other = otherKey(parsed);
  if (other !== undefined) {
    return `is on ${shown(other)}, and a Kafka mapping filters on "value" alone. Put what is meant into {"value": …}, or filter in the handler`;
  }
  const leaf = bareLeaf(parsed);
  if (leaf === undefined) return undefined;
  return `has the bare value ${shown(leaf)}, which AWS refuses: a pattern compares with lists, so write ${shown([leaf])}`;
}

/** A property of records that is not their value, also in the alternatives of `$or`. Same page: keys to filter on. */
function otherKey(pattern: object): string | undefined {
  for (const [key, value] of Object.entries(pattern)) {
    if (key !== '$or') {
      if (key !== 'value') return key;
      continue;
    }
    const alternatives: readonly unknown[] = Array.isArray(value) ? value : [];
    const other = alternatives
      .filter(isObject)
      .map(otherKey)
      .find((found) => found !== undefined);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** The first value that is neither an object nor a list of alternatives. */
function bareLeaf(pattern: object): unknown {
  for (const value of Object.values(pattern)) {
    if (Array.isArray(value)) continue;
    if (!isObject(value)) return value;
    const leaf = bareLeaf(value);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
