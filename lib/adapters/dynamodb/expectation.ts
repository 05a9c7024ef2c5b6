import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Marker } from '../../core/claim/marker.ts';
import { ownAttributes, type Table } from './table.ts';

/** What an attribute must be for a write to happen. */
export interface Expectation {
  readonly name: string;
  /** Undefined: the attribute must be absent. */
  readonly value: AttributeValue | undefined;
  /** Absent will do as well. */
  readonly orAbsent?: boolean;
}

/** Nobody has written since the marker was read. What reads as fence 0 may be an item of Powertools, which has none. */
export function asSeen(attributes: Table['attributes'], seen: Marker): readonly Expectation[] {
  const { leaseUntilMs, owner, fence } = seen;
  return [
    { name: attributes.status, value: { S: seen.status } },
    { name: attributes.expiration, value: { N: String(seen.expiresAtSeconds) } },
    {
      name: attributes.inProgressExpiration,
      value: leaseUntilMs === undefined ? undefined : { N: String(leaseUntilMs) },
    },
    { name: ownAttributes.owner, value: owner === undefined ? undefined : { S: owner } },
    { name: ownAttributes.fence, value: { N: String(fence) }, orAbsent: fence === 0 },
  ];
}
