import { IdempotencyConfig, IdempotencyRecordStatus, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StoreFaults } from '../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { ConfigurationError, LeaseLostError } from '../../../lib/core/errors/errors.ts';
import { KafkaOncePersistenceLayer } from '../../../lib/powertools/index.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { lambdaContext } from './lambda-context.ts';

let seed = 0;

/** A layer of its own process: with its own clock, a process can stall while others go on. */
function newProcess(store: MemoryStore, nowMs: number = Date.now()) {
  const clock = new FakeClock(nowMs);
  seed += 1;
  const layer = new KafkaOncePersistenceLayer({ store, clock, randomness: new SeededRandomness(seed) });
  return { clock, layer };
}

/** A function that waits until it is told how to end. */
function heldFunction() {
  const starts: PromiseWithResolvers<string>[] = [];
  const fn = vi.fn((_payload: unknown) => {
    const end = Promise.withResolvers<string>();
    starts.push(end);
    return end.promise;
  });
  return {
    fn,
    end(call: number, result: string): void {
      starts[call]?.resolve(result);
    },
    fail(call: number): void {
      starts[call]?.reject(new Error('the effect failed'));
    },
  };
}

const order = () => ({ orderId: 'o-1' });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('KafkaOncePersistenceLayer', () => {
  it('runs a function once and gives its result to a duplicate', async () => {
    const { layer } = newProcess(new MemoryStore());
    const charge = vi.fn(async (_order: unknown) => ({ paid: true }));
    const chargeOnce = makeIdempotent(charge, { persistenceStore: layer });

    expect(await chargeOnce(order())).toEqual({ paid: true });
    expect(await chargeOnce(order())).toEqual({ paid: true });
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('runs a function again after it failed, with a greater fence', async () => {
    const { layer, clock } = newProcess(new MemoryStore());
    const fences: (number | undefined)[] = [];
    const charge = makeIdempotent(
      async (_order: unknown) => {
        fences.push(layer.currentClaim()?.fence);
        if (fences.length < 3) throw new Error('declined');
        return 'paid';
      },
      { persistenceStore: layer },
    );

    await expect(charge(order())).rejects.toThrow('declined');
    await expect(charge(order())).rejects.toThrow('declined');
    expect(await charge(order())).toBe('paid');
    expect(fences).toEqual([1, 2, 3]);
    expect(layer.currentClaim()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('refuses a second call while the first one runs, on one shared instance', async () => {
    const { layer, clock } = newProcess(new MemoryStore());
    const { fn, end } = heldFunction();
    const once = makeIdempotent(fn, { persistenceStore: layer });
    const payload = order();

    const first = once(payload);
    const second = once(payload);
    await expect(second).rejects.toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
    await clock.settle();
    end(0, 'first');
    expect(await first).toBe('first');
    expect(await once(payload)).toBe('first');
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('keeps many concurrent calls apart, equal payload strings included', async () => {
    const { layer } = newProcess(new MemoryStore());
    const options = { persistenceStore: layer };
    const twice = makeIdempotent(async (n: string) => `${n}${n}`, { ...options, keyPrefix: 'twice' });
    const shout = makeIdempotent(async (n: string) => `${n}!`, { ...options, keyPrefix: 'shout' });
    const fails = makeIdempotent(
      async (n: string) => {
        if (Number(n) % 2 === 1) throw new Error('odd');
        return n;
      },
      { ...options, keyPrefix: 'fails' },
    );
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => [twice(`${n}`), shout(`${n}`), fails(`${n}`)]).flat(),
    );
    for (const [index, outcome] of all.entries()) {
      const n = Math.floor(index / 3);
      const expected = [`${n}${n}`, `${n}!`, n % 2 === 1 ? undefined : `${n}`][index % 3];
      expect(outcome.status === 'fulfilled' ? outcome.value : undefined).toBe(expected);
    }
    expect(await twice('7')).toBe('77');
    expect(await shout('7')).toBe('7!');
  });

  it('gives each function its own prefix and configuration, whichever was used last', async () => {
    vi.spyOn(console, 'warn');
    const store = new MemoryStore();
    const { layer, clock } = newProcess(store);
    const slow = heldFunction();
    const byOrder = makeIdempotent(slow.fn, {
      persistenceStore: layer,
      keyPrefix: 'order',
      config: new IdempotencyConfig({ eventKeyJmesPath: 'orderId', expiresAfterSeconds: 60 }),
    });
    const byCustomer = makeIdempotent(async (_: unknown) => 'mailed', {
      persistenceStore: layer,
      keyPrefix: 'customer',
      config: new IdempotencyConfig({ eventKeyJmesPath: 'customerId', expiresAfterSeconds: 600 }),
    });
    const payload = { orderId: 'o-1', customerId: 'c-1' };

    const charged = byOrder(payload);
    expect(await byCustomer(payload)).toBe('mailed');
    expect(await byCustomer({ orderId: 'o-2', customerId: 'c-1' })).toBe('mailed');
    await clock.settle();
    slow.end(0, 'charged');
    expect(await charged).toBe('charged');
    const nowSeconds = Math.ceil(clock.nowMs() / 1000);
    const kept = store.keys().map((key) => [key.split('#')[0], (store.peek(key)?.expiresAtSeconds ?? 0) - nowSeconds]);
    expect(kept).toEqual([
      ['order', 60],
      ['customer', 600],
    ]);
    expect(console.warn).not.toHaveBeenCalled();
  });

  it('does not inherit the prefix of the function that was called before', async () => {
    const store = new MemoryStore();
    const { layer } = newProcess(store);
    await makeIdempotent(async (_: unknown) => 1, { persistenceStore: layer, keyPrefix: 'mine' })('a');
    await makeIdempotent(async (_: unknown) => 2, { persistenceStore: layer })('a');
    expect(store.keys().map((key) => key.split('#')[0])).toEqual(['mine', layer.idempotencyKeyPrefix]);
  });

  it('adds the name of a decorated function to the prefix of the layer', async () => {
    const store = new MemoryStore();
    const { layer } = newProcess(store);
    layer.configure({ config: new IdempotencyConfig({}), functionName: ' charge ' });
    await layer.saveInProgress('a', 1000);
    await layer.saveSuccess('a', 'done');
    expect(store.keys()[0]?.split('#')[0]).toBe(`${layer.idempotencyKeyPrefix}.charge`);
  });

  it('claims the same key anew where Powertools tries again by itself', async () => {
    const store = new MemoryStore();
    const { layer } = newProcess(store);
    const quick = makeIdempotent(async (_: unknown) => 'quick', { persistenceStore: layer, keyPrefix: 'quick' });
    let runs = 0;
    const retried = makeIdempotent(
      async (_: unknown) => {
        runs += 1;
        await quick(`other ${runs}`);
        if (runs < 3) throw Object.assign(new Error('again'), { name: 'IdempotencyInconsistentStateError' });
        return 'retried';
      },
      { persistenceStore: layer, keyPrefix: 'retried' },
    );
    expect(await retried(order())).toBe('retried');
    const prefixes = store.keys().map((key) => key.split('#')[0]);
    expect(prefixes).toEqual(['retried', 'quick', 'quick', 'quick']);
  });

  it('does not let a claim expire while its function runs, however short its record is kept', async () => {
    const store = new MemoryStore();
    const { layer, clock } = newProcess(store);
    const { fn, end } = heldFunction();
    const config = new IdempotencyConfig({ expiresAfterSeconds: 5 });
    const result = makeIdempotent(fn, { persistenceStore: layer, config })('a');
    await clock.settle();
    const [key = ''] = store.keys();
    expect(store.peek(key)?.expiresAtSeconds).toBeGreaterThanOrEqual(clock.nowMs() / 1000 + 900);
    end(0, 'done');
    await result;
    expect(store.peek(key)?.expiresAtSeconds).toBeLessThanOrEqual(clock.nowMs() / 1000 + 6);
  });

  it('tells a call within a call apart, also with the same payload', async () => {
    const store = new MemoryStore();
    const { layer } = newProcess(store);
    const inner = makeIdempotent(async (_: unknown) => 'inner', { persistenceStore: layer, keyPrefix: 'inner' });
    const failing = makeIdempotent(
      async (_: unknown) => {
        throw new Error('inner failed');
      },
      { persistenceStore: layer, keyPrefix: 'failing' },
    );
    const outer = makeIdempotent(
      async (payload: unknown) => {
        const results = [await inner(payload), await inner(payload)];
        await expect(failing(payload)).rejects.toThrow('inner failed');
        return ['outer', ...results];
      },
      { persistenceStore: layer, keyPrefix: 'outer' },
    );
    const payload = order();
    expect(await outer(payload)).toEqual(['outer', 'inner', 'inner']);
    expect(await outer(payload)).toEqual(['outer', 'inner', 'inner']);
    expect(store.keys().map((key) => [key.split('#')[0], store.peek(key)?.status])).toEqual([
      ['outer', 'COMPLETED'],
      ['inner', 'COMPLETED'],
      ['failing', 'INPROGRESS'],
    ]);
  });

  it('completes the key that it claimed though the function changed its payload', async () => {
    const { layer } = newProcess(new MemoryStore());
    const change = vi.fn(async (payload: { orderId: string | bigint }) => {
      payload.orderId = 1n;
      return 'done';
    });
    const once = makeIdempotent(change, {
      persistenceStore: layer,
      config: new IdempotencyConfig({ eventKeyJmesPath: 'orderId', throwOnNoIdempotencyKey: true }),
    });
    expect(await once(order())).toBe('done');
    expect(await once(order())).toBe('done');
    expect(change).toHaveBeenCalledTimes(1);
  });

  it('refuses another payload with the same key, where validation is asked for', async () => {
    const { layer } = newProcess(new MemoryStore());
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'orderId', payloadValidationJmesPath: 'amount' });
    const once = makeIdempotent(async (_: unknown) => 'ok', { persistenceStore: layer, config });
    expect(await once({ orderId: 'o-1', amount: 1 })).toBe('ok');
    expect(await once({ orderId: 'o-1', amount: 1 })).toBe('ok');
    await expect(once({ orderId: 'o-1', amount: 2 })).rejects.toMatchObject({ name: 'IdempotencyValidationError' });
  });

  it('answers a duplicate from the local cache without a call', async () => {
    const store = new MemoryStore();
    const { layer } = newProcess(store);
    const config = new IdempotencyConfig({ useLocalCache: true });
    const once = makeIdempotent(async (_: unknown) => 'ok', { persistenceStore: layer, config });
    await once(order());
    expect(await once(order())).toBe('ok');
    expect(store.count('insert').calls).toBe(1);
  });

  it('hands out the stored record, and says so when there is none', async () => {
    const { layer } = newProcess(new MemoryStore());
    await makeIdempotent(async (_: unknown) => 'ok', { persistenceStore: layer })('a');
    const record = await layer.getRecord('a');
    expect(record.getStatus()).toBe(IdempotencyRecordStatus.COMPLETED);
    expect(record.getResponse()).toBe('ok');
    await expect(layer.getRecord('b')).rejects.toMatchObject({ name: 'IdempotencyItemNotFoundError' });
  });

  it.each([
    ['leaseMs', { leaseMs: 0 }],
    ['leaseMs', { leaseMs: Number.NaN }],
    ['clockSkewMs', { clockSkewMs: -1 }],
  ])('refuses a %s that is no length of time', (property, options) => {
    const make = () => new KafkaOncePersistenceLayer({ store: new MemoryStore(), ...options });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`${property}: must be`);
  });
});

describe('a worker whose lease ran out', () => {
  /** The first worker stalls in its function; the second takes over and completes. */
  async function takenOver() {
    const store = new MemoryStore();
    const stalled = newProcess(store);
    const { fn, end, fail } = heldFunction();
    const late = makeIdempotent(fn, { persistenceStore: stalled.layer })(order());
    await stalled.clock.settle();

    const next = newProcess(store, stalled.clock.nowMs() + 32_001);
    const handle = vi.fn(async (_: unknown) => 'second');
    const second = makeIdempotent(handle, { persistenceStore: next.layer });
    expect(await second(order())).toBe('second');
    return { stalled, late, end, fail, second, handle, fn };
  }

  it('cannot delete the marker of the one that took over', async () => {
    const { late, fail, second, handle } = await takenOver();
    fail(0);
    await expect(late).rejects.toThrow('the effect failed');
    expect(await second(order())).toBe('second');
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('cannot complete in place of the one that took over', async () => {
    const { late, end, second } = await takenOver();
    end(0, 'first');
    await expect(late).rejects.toMatchObject({
      name: 'IdempotencyPersistenceLayerError',
      cause: expect.any(LeaseLostError),
    });
    expect(await second(order())).toBe('second');
  });

  it('is told so by the signal of its claim once it wakes up', async () => {
    const store = new MemoryStore();
    const stalled = newProcess(store);
    const { fn, end } = heldFunction();
    let signal: AbortSignal | undefined;
    const late = makeIdempotent(
      (payload: unknown) => {
        signal = stalled.layer.currentClaim()?.signal;
        return fn(payload);
      },
      { persistenceStore: stalled.layer },
    )('a');
    await stalled.clock.settle();
    const next = newProcess(store, stalled.clock.nowMs() + 32_001);
    await makeIdempotent(async (_: unknown) => 'second', { persistenceStore: next.layer })('a');
    expect(signal?.aborted).toBe(false);
    await stalled.clock.advance(32_001);
    expect(signal?.reason).toBeInstanceOf(LeaseLostError);
    end(0, 'first');
    await expect(late).rejects.toThrow();
    expect(stalled.clock.pending).toBe(0);
  });
});

describe('a lease', () => {
  it.each([
    ['no Lambda context', undefined],
    ['a remaining time of 0', 0],
    ['the context of an invocation that is over', -5000],
    ['a remaining time of an hour', 3_600_000],
  ])('frees the key of a crashed process within seconds, with %s', async (_name, remainingMs) => {
    vi.spyOn(console, 'warn');
    const store = new MemoryStore();
    const crashed = newProcess(store);
    const config = new IdempotencyConfig({});
    if (remainingMs !== undefined) config.registerLambdaContext(lambdaContext(remainingMs));
    const { fn } = heldFunction();
    void makeIdempotent(fn, { persistenceStore: crashed.layer, config })('a');
    await crashed.clock.settle();

    const early = newProcess(store, crashed.clock.nowMs() + 30_000);
    const later = newProcess(store, crashed.clock.nowMs() + 32_001);
    const handle = async (_: unknown) => 'again';
    await expect(makeIdempotent(handle, { persistenceStore: early.layer })('a')).rejects.toMatchObject({
      name: 'IdempotencyAlreadyInProgressError',
    });
    expect(await makeIdempotent(handle, { persistenceStore: later.layer })('a')).toBe('again');
    expect(console.warn).not.toHaveBeenCalled();
  });

  it.each([
    ['ten minutes', undefined, 600_000],
    ['longer than a context of an earlier invocation says', 4000, 60_000],
    ['longer than the deadline of an earlier invocation', 96_000, 150_000],
  ])('is renewed while the function runs for %s', async (_name, remainingMs, runsMs) => {
    const store = new MemoryStore();
    const busy = newProcess(store);
    const config = new IdempotencyConfig({});
    if (remainingMs !== undefined) config.registerLambdaContext(lambdaContext(remainingMs));
    const { fn, end } = heldFunction();
    const result = makeIdempotent(fn, { persistenceStore: busy.layer, config })('a');
    await busy.clock.settle();
    for (let passedMs = 0; passedMs < runsMs; passedMs += 1000) {
      await busy.clock.advance(1000);
      const other = newProcess(store, busy.clock.nowMs());
      await expect(
        makeIdempotent(async (_: unknown) => 'other', { persistenceStore: other.layer })('a'),
      ).rejects.toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
    }
    end(0, 'done');
    expect(await result).toBe('done');
    expect(busy.clock.pending).toBe(0);
  });

  it('is not renewed for longer than an invocation can last', async () => {
    const store = new MemoryStore();
    const stuck = newProcess(store);
    const { fn } = heldFunction();
    void makeIdempotent(fn, { persistenceStore: stuck.layer })('a');
    await stuck.clock.advance(940_000);
    expect(stuck.clock.pending).toBe(0);
    const other = newProcess(store, stuck.clock.nowMs());
    expect(await makeIdempotent(async (_: unknown) => 'other', { persistenceStore: other.layer })('a')).toBe('other');
  });

  it('that cannot be renewed aborts before others may take over', async () => {
    let renewals: 'throttle' | undefined = 'throttle';
    const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? renewals : undefined) });
    const { layer, clock } = newProcess(store);
    const { fn, end } = heldFunction();
    let signal: AbortSignal | undefined;
    const result = makeIdempotent(
      (payload: unknown) => {
        signal = layer.currentClaim()?.signal;
        return fn(payload);
      },
      { persistenceStore: layer },
    )('a');
    await clock.advance(20_000);
    expect(signal?.aborted).toBe(false);
    await clock.advance(10_000);
    expect(signal?.reason).toBeInstanceOf(LeaseLostError);
    renewals = undefined;
    end(0, 'nobody else came');
    expect(await result).toBe('nobody else came');
  });
});

describe('a store in trouble', () => {
  function failing(faults: StoreFaults) {
    return newProcess(new MemoryStore({ faults }));
  }

  /** The fault of the first `times` calls of an operation. */
  function first(times: number, operation: string, fault: 'cutBefore' | 'cutAfter' | 'throttle'): StoreFaults {
    let calls = 0;
    return (called) => {
      if (called !== operation) return undefined;
      calls += 1;
      return calls <= times ? fault : undefined;
    };
  }

  it.each([
    ['the answer to a claim', first(1, 'insert', 'cutAfter')],
    ['a claim', first(2, 'insert', 'cutBefore')],
    ['the answer to a completion', first(1, 'complete', 'cutAfter')],
    ['many completions', first(8, 'complete', 'throttle')],
  ])('may lose %s', async (_name, faults) => {
    const { layer, clock } = failing(faults);
    const charge = vi.fn(async (_: unknown) => 'paid');
    const once = makeIdempotent(charge, { persistenceStore: layer });
    expect(await clock.runUntilSettled(once('a'))).toBe('paid');
    expect(await clock.runUntilSettled(once('a'))).toBe('paid');
    expect(charge).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
  });

  it('that stays down fails the call before anything runs', async () => {
    const { layer, clock } = failing(() => 'cutBefore');
    const charge = vi.fn(async (_: unknown) => 'paid');
    const call = makeIdempotent(charge, { persistenceStore: layer })('a');
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({ cause: { name: 'StoreError' } });
    expect(charge).not.toHaveBeenCalled();
  });

  it('that cannot complete is tried as long as the lease lasts, and no longer', async () => {
    const { layer, clock } = failing((operation) => (operation === 'insert' ? undefined : 'throttle'));
    const startedMs = clock.nowMs();
    const call = makeIdempotent(async (_: unknown) => 'paid', { persistenceStore: layer })('a');
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({ cause: { name: 'StoreError' } });
    expect(clock.nowMs() - startedMs).toBeGreaterThan(25_000);
    expect(clock.nowMs() - startedMs).toBeLessThan(35_000);
    expect(clock.pending).toBe(0);
  });

  it('that cannot release does not hide the error of the function', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { layer } = failing((operation) => (operation === 'release' ? 'throttle' : undefined));
    const call = makeIdempotent(
      async (_: unknown) => {
        throw new Error('declined');
      },
      { persistenceStore: layer },
    )('a');
    await expect(call).rejects.toThrow('declined');
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('that cannot hold a result still marks the effect', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { layer } = newProcess(new MemoryStore());
    const charge = vi.fn(async (_: unknown) => new Map([['paid', true]]));
    const once = makeIdempotent(charge, { persistenceStore: layer });
    expect(await once('a')).toEqual(new Map([['paid', true]]));
    expect(await once('a')).toBeUndefined();
    expect(charge).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('the middleware', () => {
  /** Runs hooks and handler as middy does; an earlier asynchronous middleware hides the context of the first hook. */
  async function invoke(
    middleware: ReturnType<typeof makeHandlerIdempotent>,
    event: unknown,
    handler: (event: unknown) => Promise<unknown>,
  ): Promise<unknown> {
    const request = {
      event,
      context: lambdaContext(60_000),
      response: undefined as unknown,
      error: null,
      internal: {},
    };
    async function before(): Promise<unknown> {
      await Promise.resolve();
      return middleware.before?.(request);
    }
    try {
      const early = await before();
      if (early !== undefined) return early;
      request.response = await handler(event);
      await middleware.after?.(request);
      return request.response;
    } catch (error) {
      await middleware.onError?.(request);
      throw error;
    }
  }

  it('completes and releases what it claimed, though its context is lost', async () => {
    const { layer, clock } = newProcess(new MemoryStore());
    const middleware = makeHandlerIdempotent({ persistenceStore: layer });
    let outcome: () => Promise<string> = () => Promise.reject(new Error('declined'));
    const handler = vi.fn(() => outcome());
    await expect(invoke(middleware, order(), handler)).rejects.toThrow('declined');
    outcome = () => Promise.resolve('paid');
    expect(await invoke(middleware, order(), handler)).toBe('paid');
    expect(await invoke(middleware, order(), handler)).toBe('paid');
    expect(handler).toHaveBeenCalledTimes(2);
    expect(clock.pending).toBe(0);
  });

  it('does not delete the claim of the invocation that it was refused for', async () => {
    const { layer, clock } = newProcess(new MemoryStore());
    const middleware = makeHandlerIdempotent({ persistenceStore: layer });
    const { fn, end } = heldFunction();
    const first = invoke(middleware, order(), fn);
    await clock.settle();
    for (let delivery = 0; delivery < 2; delivery += 1) {
      await expect(invoke(middleware, order(), fn)).rejects.toMatchObject({
        name: 'IdempotencyAlreadyInProgressError',
      });
    }
    end(0, 'first');
    expect(await first).toBe('first');
    expect(await invoke(middleware, order(), fn)).toBe('first');
    expect(fn).toHaveBeenCalledTimes(1);
  });
});
