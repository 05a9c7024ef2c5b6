/**
 * - 1: the gateway honours the idempotency key.
 * - 2: it ignores it.
 * - 3: it ignores it, and everything is delivered again.
 */
export type Phase = 1 | 2 | 3;

/** A request to charge, as it arrived at the gateway. */
export interface ChargeRequest {
  readonly phase: Phase;
  /** Names the order. */
  readonly reference: string;
  readonly idempotencyKey: string | undefined;
  /** False: the gateway knew the idempotency key and took no money. */
  readonly charged: boolean;
}

/** The books of the payment gateway: every request in the order of its arrival. */
export class Ledger {
  readonly #requests: ChargeRequest[] = [];
  readonly #keys = new Set<string>();
  readonly #charged = new Map<Phase, Set<string>>();
  #charges = 0;
  phase: Phase = 1;

  get requests(): readonly ChargeRequest[] {
    return this.#requests;
  }

  get charges(): number {
    return this.#charges;
  }

  /** How many orders were charged in a phase, once or more often. */
  ordersCharged(phase: Phase): number {
    return this.#charged.get(phase)?.size ?? 0;
  }

  /** Enters a request; the answer tells whether money was taken. */
  enter(reference: string, idempotencyKey: string | undefined): ChargeRequest {
    const { phase } = this;
    const isKnown = idempotencyKey !== undefined && this.#keys.has(idempotencyKey);
    const request = { phase, reference, idempotencyKey, charged: phase !== 1 || !isKnown };
    this.#requests.push(request);
    if (idempotencyKey !== undefined) this.#keys.add(idempotencyKey);
    if (request.charged) {
      this.#charges += 1;
      const charged = this.#charged.get(phase) ?? new Set();
      this.#charged.set(phase, charged.add(reference));
    }
    return request;
  }
}
