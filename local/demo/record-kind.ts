import { type Coordinates, formatCoordinates } from '../../lib/core/coordinates.ts';

/** What a record of the topic asks for; `reference` names the order at the gateway. */
export type RecordKind =
  | { readonly kind: 'order' | 'withoutId'; readonly reference: string }
  | { readonly kind: 'tombstone' | 'poison' };

/**
 * Tells from the bytes in the broker what should become of a record: a charge, or a dead letter.
 *
 * It is written without the toolkit and without the handler, so that it can contradict them.
 */
export function recordKind(value: Uint8Array | undefined, coordinates: Coordinates): RecordKind {
  if (value === undefined) return { kind: 'tombstone' };
  const order = parsed(value);
  if (typeof order !== 'object' || order === null) return { kind: 'poison' };
  if (!('amountCents' in order) || typeof order.amountCents !== 'number') return { kind: 'poison' };
  if ('orderId' in order && typeof order.orderId === 'string') return { kind: 'order', reference: order.orderId };
  return { kind: 'withoutId', reference: formatCoordinates(coordinates) };
}

function parsed(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return undefined;
  }
}
