import type { AttributeValue, BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import type {
  ClaimWrite,
  CompleteWrite,
  ReleaseWrite,
  RenewWrite,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import { toStorable } from '../storable-value.ts';
import { toAttributeValue } from './attribute-value.ts';
import { asSeen, type Expectation } from './expectation.ts';
import { claimAttributes, claimItem, type Item } from './marker-item.ts';
import { ownAttributes, type Table } from './table.ts';

/*
 * The PartiQL of each conditional write. INSERT is refused (`DuplicateItem`) where there is an item; UPDATE never makes
 * one; both that and a condition that does not hold are `ConditionalCheckFailed`. DELETE succeeds where there is none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
 */

export function insertStatement(table: Table, claim: ClaimWrite): BatchStatementRequest {
  return insert(table, claimItem(table, claim));
}

export function takeOverStatement(table: Table, claim: TakeOverWrite): BatchStatementRequest {
  const { attributes } = table;
  const set = claimAttributes(attributes, claim);
  const dropped = [attributes.data, attributes.validation, ownAttributes.source].filter((name) => !(name in set));
  return update(table, claim.idempotencyKey, set, dropped, asPartiQl(asSeen(attributes, claim.seen)), 'ALL_OLD');
}

export function renewStatement(table: Table, renewal: RenewWrite): BatchStatementRequest {
  const set = { [table.attributes.inProgressExpiration]: { N: String(renewal.leaseUntilMs) } };
  return update(table, renewal.idempotencyKey, set, [], heldBy(table, renewal.owner), 'NONE');
}

/** Throws a `StoreError` of kind `unstorable` for a result that has no form in DynamoDB. */
export function completeStatement(table: Table, completion: CompleteWrite): BatchStatementRequest {
  const { attributes } = table;
  const { result, fingerprint } = completion;
  const set: Item = {
    [attributes.status]: { S: 'COMPLETED' },
    [attributes.expiration]: { N: String(completion.expiresAtSeconds) },
    ...(result !== undefined && { [attributes.data]: toAttributeValue(toStorable(result)) }),
    ...(fingerprint !== undefined && { [attributes.validation]: { S: fingerprint } }),
  };
  const dropped = [attributes.data, attributes.validation].filter((name) => !(name in set));
  return update(table, completion.idempotencyKey, set, dropped, heldBy(table, completion.owner), 'ALL_OLD');
}

export function releaseStatement(table: Table, released: ReleaseWrite): BatchStatementRequest {
  const held = heldBy(table, released.owner);
  if (released.to === 'keep') {
    const set = {
      [table.attributes.inProgressExpiration]: { N: '0' },
      [ownAttributes.attempts]: { N: String(released.attempts) },
    };
    return update(table, released.idempotencyKey, set, [ownAttributes.owner], held, 'NONE');
  }
  if (released.to === 'unknown') {
    const set = {
      [table.attributes.inProgressExpiration]: { N: '1' },
      [ownAttributes.attempts]: { N: String(released.attempts) },
      [ownAttributes.alone]: { BOOL: released.alone },
    };
    return update(table, released.idempotencyKey, set, [], held, 'NONE');
  }
  return {
    Statement: `DELETE FROM "${table.name}" WHERE "${table.attributes.key}" = ? AND ${held.text}`,
    Parameters: [{ S: released.idempotencyKey }, ...held.parameters],
  };
}

interface Condition {
  readonly text: string;
  readonly parameters: readonly AttributeValue[];
}

/** The fence: the marker is still in progress, and under this claim. */
function heldBy({ attributes }: Table, owner: string): Condition {
  return {
    text: `"${ownAttributes.owner}" = ? AND "${attributes.status}" = ?`,
    parameters: [{ S: owner }, { S: 'INPROGRESS' }],
  };
}

export function asPartiQl(expected: readonly Expectation[]): Condition {
  const terms = expected.map(({ name, value, orAbsent }) => {
    const equal = `"${name}" = ?`;
    const absent = `"${name}" IS MISSING`;
    return value === undefined ? absent : orAbsent ? `(${absent} OR ${equal})` : equal;
  });
  return {
    text: terms.join(' AND '),
    parameters: expected.flatMap(({ value }) => value ?? []),
  };
}

export function insert(table: Table, item: Item): BatchStatementRequest {
  const members = Object.keys(item).map((name) => `'${name}': ?`);
  return {
    Statement: `INSERT INTO "${table.name}" VALUE {${members.join(', ')}}`,
    Parameters: Object.values(item),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

export function update(
  table: Table,
  idempotencyKey: string,
  set: Item,
  removed: readonly string[],
  condition: Condition,
  onRefusal: 'ALL_OLD' | 'NONE',
): BatchStatementRequest {
  const clauses = [
    `UPDATE "${table.name}"`,
    ...Object.keys(set).map((name) => `SET "${name}" = ?`),
    ...removed.map((name) => `REMOVE "${name}"`),
    `WHERE "${table.attributes.key}" = ? AND ${condition.text}`,
  ];
  return {
    Statement: clauses.join(' '),
    Parameters: [...Object.values(set), { S: idempotencyKey }, ...condition.parameters],
    ReturnValuesOnConditionCheckFailure: onRefusal,
  };
}
