/** A step of an order, as its producer writes it. */
export interface Step {
  readonly orderId: string;
  readonly accountId: string;
  readonly amountCents: number;
  readonly status: 'PLACED' | 'PAID' | 'CANCELLED';
}

/**
 * The step that a record's bytes are, undefined for what is to become a dead letter.
 *
 * It is written without the toolkit and without the handler, so that it can contradict them.
 */
export function stepIn(value: Uint8Array | undefined): Step | undefined {
  const found = value === undefined ? undefined : parsed(value);
  if (typeof found !== 'object' || found === null) return undefined;
  if (!('orderId' in found && 'accountId' in found && 'amountCents' in found && 'status' in found)) return undefined;
  const { orderId, accountId, amountCents, status } = found;
  if (typeof orderId !== 'string' || typeof accountId !== 'string' || typeof amountCents !== 'number') return undefined;
  if (status !== 'PLACED' && status !== 'PAID' && status !== 'CANCELLED') return undefined;
  return { orderId, accountId, amountCents, status };
}

function parsed(value: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    return undefined;
  }
}
