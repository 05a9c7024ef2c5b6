import type { ValueType } from '../values/value.ts';

/** Names of members and indices of elements, with the attribute's name first; every `#name` is replaced. */
export type DocumentPath = readonly [string, ...(string | number)[]];

export interface PathOperand {
  readonly kind: 'path';
  readonly path: DocumentPath;
}

/** A `:value`, with the type that it has. */
export interface ValueOperand {
  readonly kind: 'value';
  readonly name: string;
  readonly type: ValueType;
}

export type Operand = PathOperand | ValueOperand | { readonly kind: 'size'; readonly of: PathOperand | ValueOperand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A ConditionExpression. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: DocumentPath; readonly expected: boolean }
  | { readonly kind: 'isOfType'; readonly operand: Operand; readonly type: ValueOperand }
  | { readonly kind: 'beginsWith' | 'contains'; readonly operand: Operand; readonly part: Operand };

export type SetOperand =
  | PathOperand
  | ValueOperand
  | { readonly kind: 'ifNotExists'; readonly path: DocumentPath; readonly otherwise: SetOperand };

/** What stands on the right of a SET. */
export type SetValue =
  | SetOperand
  | { readonly kind: 'sum'; readonly sign: 1 | -1; readonly left: SetOperand; readonly right: SetOperand }
  | { readonly kind: 'listAppend'; readonly first: SetOperand; readonly second: SetOperand };

/** One step of an UpdateExpression. */
export type Action =
  | { readonly kind: 'set'; readonly path: DocumentPath; readonly value: SetValue }
  | { readonly kind: 'remove'; readonly path: DocumentPath }
  | { readonly kind: 'add' | 'delete'; readonly path: DocumentPath; readonly operand: ValueOperand };
