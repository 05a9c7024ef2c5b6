import type { OnConditionFailed } from './effect.ts';

/** A condition on the item as it is before, in DynamoDB's expressions, and what becomes of the record if it does not hold. */
export interface ConditionTerms {
  /** A ConditionExpression. */
  readonly condition?: string | undefined;
  /** Names of attributes that the expressions use, as `{ '#status': 'status' }`. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** Values that the expressions use, as plain values: `{ ':placed': 'PLACED' }`. */
  readonly values?: object | undefined;
  /** `'fail'` by default. */
  readonly onConditionFailed?: OnConditionFailed | undefined;
}

/** An item of a table; the key with all its attributes, as plain values. */
export interface KeyedItem {
  /** Name or ARN. */
  readonly table: string;
  readonly key: object;
}

/** Changes of top-level attributes, each named once. */
export interface AttributeChanges {
  /** New values. */
  readonly set?: object | undefined;
  /** Numbers to add, or sets to unite with. */
  readonly add?: object | undefined;
  /** Names of attributes to take away. */
  readonly remove?: readonly string[] | undefined;
}

export interface PutEffect extends ConditionTerms {
  /** Name or ARN. */
  readonly table: string;
  readonly item: object;
}

export interface UpdateEffect extends KeyedItem, ConditionTerms {
  /** An UpdateExpression, or what is to change. */
  readonly update: string | AttributeChanges;
}

export interface DeleteEffect extends KeyedItem, ConditionTerms {}

export interface CheckEffect extends KeyedItem, ConditionTerms {
  readonly condition: string;
}

export interface TransitionEffect extends KeyedItem {
  /** The attribute that holds the state. */
  readonly attribute: string;
  /** The state, or a list of the states, that it may be in; undefined (also in the list): there is no item, or none with this attribute. */
  readonly from: unknown;
  readonly to: unknown;
  /** Further attributes to set with it. */
  readonly set?: object | undefined;
  /** `'fail'` by default. */
  readonly onConditionFailed?: OnConditionFailed | undefined;
}

export interface VersionedUpdateEffect extends KeyedItem, AttributeChanges {
  /** The version that was read; undefined: there was no item, or none with a version. */
  readonly version: number | undefined;
  /** `'version'` by default. */
  readonly versionAttribute?: string | undefined;
  /** `'fail'` by default. */
  readonly onConditionFailed?: OnConditionFailed | undefined;
}

/** An action of `TransactWriteItems`: exactly one of the four, as the AWS SDK, its document client or ElectroDB make it. */
export interface TransactWriteAction {
  readonly Put?: object | undefined;
  readonly Update?: object | undefined;
  readonly Delete?: object | undefined;
  readonly ConditionCheck?: object | undefined;
}

export interface ActionTerms {
  /** `'fail'` by default. */
  readonly onConditionFailed?: OnConditionFailed | undefined;
}

/**
 * What a handler wants written to DynamoDB: all of it together with the record's marker or position, or none.
 *
 * Nothing is written before the handler returned, and reading sees nothing of it until then. What is given is copied: a
 * later change of it changes nothing. Plain values are strings, numbers, bigint, booleans, null, Uint8Array, sets of
 * strings, numbers or bytes, arrays and plain objects; undefined members of objects are dropped.
 *
 * Up to 99 effects, 400 KB an item put and nearly 4 MB in all, and one effect an item.
 *
 * @throws EffectError at once for what no table could take: its message names record, effect and property.
 * @throws EffectLimitError for what is too large or too much.
 * @throws EffectsClosedError after the handler returned.
 */
export interface Effects {
  /** Writes an item, in place of one that may be there. */
  put(effect: PutEffect): void;
  /** Changes an item, or makes it. */
  update(effect: UpdateEffect): void;
  /** Deletes an item, if it is there. */
  delete(effect: DeleteEffect): void;
  /** Writes nothing; the condition must hold. */
  check(effect: CheckEffect): void;
  /** State machine: sets an attribute to `to` only where it is `from`. */
  transition(effect: TransitionEffect): void;
  /** Optimistic lock: changes an item only where its version is still as it was read, and raises the version by one (1 at first). */
  updateIfVersion(effect: VersionedUpdateEffect): void;
  /** An action with attribute values, as `TransactWriteItem` of `@aws-sdk/client-dynamodb`. */
  raw(action: TransactWriteAction, terms?: ActionTerms): void;
  /** An action with plain values, as that of `@aws-sdk/lib-dynamodb` and as ElectroDB's. */
  document(action: TransactWriteAction, terms?: ActionTerms): void;
}
