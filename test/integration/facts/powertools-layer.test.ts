import { AsyncLocalStorage } from 'node:async_hooks';
import {
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { BasePersistenceLayerOptions } from '@aws-lambda-powertools/idempotency/types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Without a registered context Powertools warns at every claim.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Call {
  readonly call: string;
  readonly key: string;
  readonly record?: IdempotencyRecord;
}

/** Notes what Powertools asks of a persistence layer. Every claim is granted unless `existing` says otherwise. */
class NotingLayer extends BasePersistenceLayer {
  readonly calls: Call[] = [];
  existing: IdempotencyRecord | undefined;
  refusal: Error | undefined;

  protected async _putRecord(record: IdempotencyRecord): Promise<void> {
    this.calls.push({ call: 'put', key: record.idempotencyKey, record });
    if (this.refusal !== undefined) throw this.refusal;
    if (this.existing !== undefined) throw new IdempotencyItemAlreadyExistsError('taken', this.existing);
  }
  protected async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.calls.push({ call: 'update', key: record.idempotencyKey, record });
  }
  protected async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    this.calls.push({ call: 'delete', key: record.idempotencyKey, record });
  }
  protected async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    this.calls.push({ call: 'get', key: idempotencyKey });
    throw new IdempotencyItemNotFoundError();
  }
}

/** Gives each call of `makeIdempotent` a scope of its own, from `configure`, the one synchronous step of a call. */
class ScopedLayer extends NotingLayer {
  readonly #scope = new AsyncLocalStorage<{ readonly call: number }>();
  readonly scopes: [string, number | undefined][] = [];
  #configured = 0;

  override configure(options: BasePersistenceLayerOptions): void {
    super.configure(options);
    this.#configured += 1;
    this.#scope.enterWith({ call: this.#configured });
  }
  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    this.scopes.push(['put', this.#scope.getStore()?.call]);
    await super._putRecord(record);
  }
  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.scopes.push(['update', this.#scope.getStore()?.call]);
    await super._updateRecord(record);
  }
}

const config = (): IdempotencyConfig => new IdempotencyConfig({ eventKeyJmesPath: 'id' });
const steps = (layer: NotingLayer): string[] => layer.calls.map((call) => call.call);

describe('what Powertools asks of a persistence layer', () => {
  it('is put, then update or delete; without a context there is no lease', async () => {
    const layer = new NotingLayer();
    const handle = makeIdempotent(
      async (order: { id: string; fail: boolean }) => {
        if (order.fail) throw new Error('no');
        return 'done';
      },
      { persistenceStore: layer, config: config(), keyPrefix: 'p' },
    );
    await handle({ id: 'a', fail: false });
    await expect(handle({ id: 'b', fail: true })).rejects.toThrow('no');
    expect(steps(layer)).toEqual(['put', 'update', 'put', 'delete']);
    expect(layer.calls[0]?.record).toMatchObject({
      status: 'INPROGRESS',
      inProgressExpiryTimestamp: undefined,
      payloadHash: '',
    });
    expect(layer.calls[1]?.record).toMatchObject({ status: 'COMPLETED', responseData: 'done' });
  });

  it('reads only if the error of a taken key brings no record', async () => {
    const layer = new NotingLayer();
    layer.refusal = new IdempotencyItemAlreadyExistsError('taken');
    const handle = makeIdempotent(async (_: { id: string }) => 'ran', { persistenceStore: layer, config: config() });
    await expect(handle({ id: 'a' })).rejects.toMatchObject({ name: 'IdempotencyItemNotFoundError' });
    expect(steps(layer)).toEqual(['put', 'get']);
  });

  it('wraps every other error of a claim, with its cause', async () => {
    const layer = new NotingLayer();
    layer.refusal = new Error('store down');
    const handle = makeIdempotent(async (_: { id: string }) => 'ran', { persistenceStore: layer, config: config() });
    await expect(handle({ id: 'a' })).rejects.toMatchObject({
      name: 'IdempotencyPersistenceLayerError',
      cause: layer.refusal,
    });
  });

  it('hashes the payload anew for the completion: a handler that changes its input completes another key', async () => {
    const layer = new NotingLayer();
    const handle = makeIdempotent(
      async (order: { id: string }) => {
        order.id = 'changed';
      },
      { persistenceStore: layer, config: config() },
    );
    await handle({ id: 'a' });
    expect(new Set(layer.calls.map((call) => call.key)).size).toBe(2);
  });
});

describe('one layer shared by concurrent calls', () => {
  it('completes under the prefix of whichever call was configured last', async () => {
    const layer = new NotingLayer();
    const started = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const options = { persistenceStore: layer, config: config() };
    const slow = makeIdempotent(
      async (_: { id: string }) => {
        started.resolve();
        await goOn.promise;
      },
      { ...options, keyPrefix: 'slow' },
    );
    const quick = makeIdempotent(async (_: { id: string }) => {}, { ...options, keyPrefix: 'quick' });
    const first = slow({ id: 'a' });
    await started.promise;
    await quick({ id: 'b' });
    goOn.resolve();
    await first;
    const prefixes = layer.calls.map((call) => `${call.call} ${call.key.split('#')[0]}`);
    expect(prefixes).toEqual(['put slow', 'put quick', 'update quick', 'update quick']);
  });

  it('can tell the calls apart by an AsyncLocalStorage entered in configure', async () => {
    const layer = new ScopedLayer();
    const waits = new Map(['a', 'b', 'c'].map((id) => [id, Promise.withResolvers<void>()]));
    const handle = makeIdempotent(async (order: { id: string }) => waits.get(order.id)?.promise, {
      persistenceStore: layer,
      config: config(),
    });
    const all = [handle({ id: 'a' }), handle({ id: 'b' }), handle({ id: 'c' })];
    for (const [index, id] of [
      [2, 'c'],
      [0, 'a'],
      [1, 'b'],
    ] as const) {
      waits.get(id)?.resolve();
      await all[index];
    }
    expect(layer.scopes).toEqual([
      ['put', 1],
      ['put', 2],
      ['put', 3],
      ['update', 3],
      ['update', 1],
      ['update', 2],
    ]);
  });
});
