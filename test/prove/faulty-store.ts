import type { Failed, IdempotencyStore, StoreCall } from '../../lib/ports/idempotency-store.ts';
import { StoreError } from '../../lib/ports/store-error.ts';
import type { Host } from './host.ts';
import type { Injector } from './injector.ts';
import type { World } from './world.ts';

export interface StoreParts {
  readonly inner: IdempotencyStore;
  readonly host: Host;
  readonly injector: Injector;
  readonly world: World;
}

/** A call that was sent is carried out, whatever becomes of its sender. */
export const sent: StoreCall = { signal: new AbortController().signal };

/** A process's way to the store, on which calls fail as planned; grants and completions are written down inside. */
export class FaultyStore implements IdempotencyStore {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  insert: IdempotencyStore['insert'] = (claims, call) =>
    this.#call('insert', claims, call, (items) => this.#granting(items, this.#parts.inner.insert(items, sent)));

  takeOver: IdempotencyStore['takeOver'] = (claims, call) =>
    this.#call('takeOver', claims, call, (items) => this.#granting(items, this.#parts.inner.takeOver(items, sent)));

  renew: IdempotencyStore['renew'] = (renewals, call) =>
    this.#call('renew', renewals, call, (items) => this.#parts.inner.renew(items, sent));

  complete: IdempotencyStore['complete'] = (completions, call) => {
    const { inner, world } = this.#parts;
    const complete = async (items: typeof completions): ReturnType<typeof inner.complete> => {
      const results = await inner.complete(items, sent);
      for (const [index, { owner }] of items.entries())
        if (results[index]?.kind === 'completed') world.claims.marked(owner, world.nextEvent());
      return results;
    };
    const struck = (): void => {
      for (const { owner } of completions) world.claims.markingFailed(owner);
    };
    return this.#call('complete', completions, call, complete, struck);
  };

  release: IdempotencyStore['release'] = (releases, call) =>
    this.#call('release', releases, call, (items) => this.#parts.inner.release(items, sent));

  read: IdempotencyStore['read'] = (keys, call) =>
    this.#call('read', keys, call, (items) => this.#parts.inner.read(items, sent));

  markCompleted: IdempotencyStore['markCompleted'] = (markers, call) =>
    this.#call('markCompleted', markers, call, (items) => this.#parts.inner.markCompleted(items, sent));

  async #granting<Result extends { readonly kind: string }>(
    claims: readonly { readonly idempotencyKey: string; readonly owner: string }[],
    answer: Promise<readonly Result[]>,
  ): Promise<readonly Result[]> {
    const results = await answer;
    const { world, host } = this.#parts;
    for (const [index, { idempotencyKey, owner }] of claims.entries())
      if (results[index]?.kind === 'claimed') world.claims.granted(idempotencyKey, owner, host, world.nextEvent());
    return results;
  }

  #call<Item, Result>(
    site: keyof IdempotencyStore,
    items: readonly Item[],
    { signal }: StoreCall,
    carryOut: (items: readonly Item[]) => Promise<readonly (Result | Failed)[]>,
    struck?: () => void,
  ): Promise<readonly (Result | Failed)[]> {
    const { injector, host, world } = this.#parts;
    const send = (some: readonly Item[]): Promise<readonly (Result | Failed)[]> => world.clock.during(carryOut(some));
    const failed = (why: string): Failed[] => items.map(() => unavailable(why));
    return injector.call<readonly (Result | Failed)[]>(host, site, {
      carryOut: () => send(items),
      failed,
      throttlePartly: async () => {
        const half = Math.floor(items.length / 2);
        const done = half === 0 ? [] : await send(items.slice(0, half));
        return [...done, ...failed('throttled').slice(half)];
      },
      ...(struck === undefined ? {} : { struck }),
      signal,
    });
  }
}

export function unavailable(why: string): Failed {
  return { kind: 'failed', error: new StoreError('unavailable', why) };
}
