/** What is remembered of a confirmed completion. */
export interface RememberedCompletion {
  readonly expiresAtSeconds: number;
  readonly fingerprint: string | undefined;
}

/**
 * Completions that this execution environment has seen confirmed, the least recently used dropped first.
 *
 * It saves the store call for a duplicate; it is the only state that outlives an invocation.
 */
export class CompletionCache {
  readonly #maxItems: number;
  readonly #items = new Map<string, RememberedCompletion>();

  constructor(maxItems: number) {
    this.#maxItems = maxItems;
  }

  remember(idempotencyKey: string, completion: RememberedCompletion): void {
    if (this.#maxItems <= 0) return;
    this.#items.delete(idempotencyKey);
    this.#items.set(idempotencyKey, completion);
    if (this.#items.size <= this.#maxItems) return;
    const oldest = this.#items.keys().next();
    if (!oldest.done) this.#items.delete(oldest.value);
  }

  recall(idempotencyKey: string, nowMs: number): RememberedCompletion | undefined {
    const found = this.#items.get(idempotencyKey);
    if (found === undefined) return undefined;
    this.#items.delete(idempotencyKey);
    if (found.expiresAtSeconds * 1000 <= nowMs) return undefined;
    this.#items.set(idempotencyKey, found);
    return found;
  }
}
