import type { Host } from './host.ts';

/** A claim as the store granted it. */
export interface ClaimSeen {
  readonly owner: string;
  readonly at: number;
  /** When the store marked it completed. */
  markedAt: number | undefined;
  /** A fault struck a call that would have marked it. */
  markingFailed: boolean;
}

/** Claims and completions as the store carried them out, seen from its inside. */
export class ClaimLog {
  readonly #byOwner = new Map<string, ClaimSeen>();
  readonly #latest = new Map<string, ClaimSeen>();

  granted(idempotencyKey: string, owner: string, host: Host, at: number): void {
    // Carried out twice, it is one claim.
    const claim = this.#byOwner.get(owner) ?? { owner, at, markedAt: undefined, markingFailed: false };
    this.#byOwner.set(owner, claim);
    this.#latest.set(`${host.id} ${idempotencyKey}`, claim);
  }

  marked(owner: string, at: number): void {
    const claim = this.#byOwner.get(owner);
    if (claim !== undefined) claim.markedAt ??= at;
  }

  markingFailed(owner: string): void {
    const claim = this.#byOwner.get(owner);
    if (claim !== undefined) claim.markingFailed = true;
  }

  /** Marks the latest claim of a process on a key, where claims are only noted here. */
  markedBy(host: Host, idempotencyKey: string, at: number): void {
    const claim = this.latest(idempotencyKey, host);
    if (claim !== undefined) claim.markedAt ??= at;
  }

  markingFailedOf(host: Host, idempotencyKey: string): void {
    const claim = this.latest(idempotencyKey, host);
    if (claim !== undefined) claim.markingFailed = true;
  }

  /** The latest claim on a key that a process was granted. */
  latest(idempotencyKey: string, host: Host): ClaimSeen | undefined {
    return this.#latest.get(`${host.id} ${idempotencyKey}`);
  }
}
