import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Marker } from '../../core/claim/marker.ts';
import type { MarkWrite } from '../../ports/commit-store.ts';
import type { ClaimWrite, CompletedWrite } from '../../ports/idempotency-store.ts';
import { toStorable } from '../storable-value.ts';
import { fromAttributeValue, toAttributeValue } from './attribute-value.ts';
import { ownAttributes, type Table } from './table.ts';

export type Item = Record<string, AttributeValue>;

/** The item of a new claim. */
export function claimItem({ attributes }: Table, claim: ClaimWrite): Item {
  return {
    [attributes.key]: { S: claim.idempotencyKey },
    ...claimAttributes(attributes, claim),
  };
}

/** What a claim says, but for the key: what a takeover sets. */
export function claimAttributes(attributes: Table['attributes'], claim: ClaimWrite): Item {
  return {
    [attributes.status]: { S: 'INPROGRESS' },
    [attributes.expiration]: { N: String(claim.expiresAtSeconds) },
    [attributes.inProgressExpiration]: { N: String(claim.leaseUntilMs) },
    [ownAttributes.owner]: { S: claim.owner },
    [ownAttributes.fence]: { N: String(claim.fence) },
    [ownAttributes.attempts]: { N: String(claim.attempts) },
    [ownAttributes.alone]: { BOOL: claim.alone },
    ...described(attributes, claim),
  };
}

/** The item of a record that is done without a claim. */
export function completedItem({ attributes }: Table, completed: CompletedWrite): Item {
  return {
    [attributes.key]: { S: completed.idempotencyKey },
    [attributes.status]: { S: 'COMPLETED' },
    [attributes.expiration]: { N: String(completed.expiresAtSeconds) },
    ...described(attributes, completed),
  };
}

/** The item of a mark. Throws a `StoreError` of kind `unstorable` for a result that has no form in DynamoDB. */
export function markItem(table: Table, mark: MarkWrite): Item {
  return {
    ...completedItem(table, mark),
    [ownAttributes.fence]: { N: String((mark.seen?.fence ?? 0) + 1) },
    [ownAttributes.attempts]: { N: String(mark.attempts) },
    ...(mark.result !== undefined && { [table.attributes.data]: toAttributeValue(toStorable(mark.result)) }),
  };
}

/** The marker in an item; undefined if it is none: without a status that we know, or without an expiry. */
export function toMarker({ attributes }: Table, item: Item): Marker | undefined {
  const status = text(item[attributes.status]);
  const expiresAtSeconds = number(item[attributes.expiration]);
  if ((status !== 'INPROGRESS' && status !== 'COMPLETED') || expiresAtSeconds === undefined) {
    return undefined;
  }
  const data = item[attributes.data];
  return {
    status,
    expiresAtSeconds,
    leaseUntilMs: number(item[attributes.inProgressExpiration]),
    owner: text(item[ownAttributes.owner]),
    fence: number(item[ownAttributes.fence]) ?? 0,
    attempts: number(item[ownAttributes.attempts]) ?? 0,
    alone: item[ownAttributes.alone]?.BOOL === true,
    // Powertools writes an empty one when payload validation is off.
    fingerprint: text(item[attributes.validation]) || undefined,
    result: data && fromAttributeValue(data),
    source: text(item[ownAttributes.source]),
  };
}

function described(
  attributes: Table['attributes'],
  of: { readonly fingerprint: string | undefined; readonly source: string | undefined },
): Item {
  return {
    ...(of.fingerprint !== undefined && { [attributes.validation]: { S: of.fingerprint } }),
    ...(of.source !== undefined && { [ownAttributes.source]: { S: of.source } }),
  };
}

function text(value: AttributeValue | undefined): string | undefined {
  return value?.S;
}

/** A finite number, or undefined. */
export function number(value: AttributeValue | undefined): number | undefined {
  const parsed = value?.N === undefined ? Number.NaN : Number(value.N);
  return Number.isFinite(parsed) ? parsed : undefined;
}
