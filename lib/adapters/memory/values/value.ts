/** The names of DynamoDB's types. */
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/**
 * An attribute value in a form in which equal values look equal: numbers in plain notation without superfluous zeros, sets
 * sorted, bytes as text of one character each. Never changed once made.
 */
export type Value =
  | { readonly type: 'S' | 'N' | 'B'; readonly text: string }
  | { readonly type: 'BOOL'; readonly is: boolean }
  | { readonly type: 'NULL' }
  | { readonly type: 'SS' | 'NS' | 'BS'; readonly texts: readonly string[] }
  | { readonly type: 'L'; readonly elements: readonly Value[] }
  | { readonly type: 'M'; readonly members: Members };

export type Members = ReadonlyMap<string, Value>;

/** A map, as attribute names like `__proto__` are possible. */
export type Item = Members;
