import {
  type IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  IdempotencyRecordStatus,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemRandomness } from '../adapters/system/system-randomness.ts';
import { ConfigurationError } from '../core/errors/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { Randomness } from '../ports/randomness.ts';
import { type Call, CallRegistry } from './call-registry.ts';
import { ConfiguredLayer, type RecordOperations } from './configured-layer.ts';
import type { KeyClaim } from './key-claim.ts';
import { LeaseRenewal } from './lease-renewal.ts';
import { MarkerClaims } from './marker-claims.ts';
import { toIdempotencyRecord } from './stored-record.ts';

export interface KafkaOncePersistenceLayerOptions {
  /** Where the markers live: `dynamoDbStore(...)`. */
  readonly store: IdempotencyStore;
  /**
   * How long a claim outlives a process that died, in milliseconds; default 30 000. Cut to a third of the invocation's
   * remaining time where the Lambda context is registered. A shorter lease costs more renewals: one each third of it.
   */
  readonly leaseMs?: number;
  /** How far the clocks of two machines may differ, in milliseconds; default 2000. A lease is over only this much later. */
  readonly clockSkewMs?: number;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
  /** Default: that of the operating system. */
  readonly randomness?: Randomness;
}

/** The claim under which an idempotent function runs. */
export interface CurrentClaim {
  readonly idempotencyKey: string;
  /** Grows by one with each claim on the key; for downstream systems that refuse what is older than what they have seen. */
  readonly fence: number;
  /** Aborted when the lease is lost; its reason is a `LeaseLostError`. */
  readonly signal: AbortSignal;
}

interface Held {
  readonly claim: KeyClaim;
  readonly renewal: LeaseRenewal;
}

interface Setup {
  readonly layer: ConfiguredLayer;
  readonly remainingMs: number | undefined;
}

type Payload = Parameters<BasePersistenceLayer['saveInProgress']>[0];
type LayerCall = Call<Payload, Setup, Held>;
type ConfigureOptions = Parameters<BasePersistenceLayer['configure']>[0];

/**
 * A persistence layer for `makeIdempotent`, `@idempotent` and the middleware of `@aws-lambda-powertools/idempotency`, with lease
 * and fence.
 *
 * A claim has an owner; only that owner completes, renews or releases it, and only while it is in progress. It lasts for a
 * lease that is renewed while the function runs, so a crash locks the key for a lease and not for the expiry of the record,
 * whether or not the Lambda context is registered. Items are those of Powertools' `DynamoDBPersistenceLayer`, with
 * attributes added; a writer of the other kind on the same keys works but knows no owner, so it voids the fence.
 *
 * One instance may serve several functions and concurrent calls: each keeps its own configuration and prefix. Functions
 * that share an instance need a `keyPrefix` each, or equal payloads are one key.
 *
 * Throws (wrapped by Powertools in an `IdempotencyPersistenceLayerError`) the `StoreError` of a store that does not answer, and a
 * `LeaseLostError` where a function finished after its claim was taken over: its result is not returned then.
 *
 * Not supported: a payload that a function passes on, unfinished and not awaited, to another function on the same instance;
 * Durable Functions that resume an execution which another process claimed.
 */
export class KafkaOncePersistenceLayer extends BasePersistenceLayer {
  readonly #claims: MarkerClaims;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #calls = new CallRegistry<Payload, Setup, Held>();
  readonly #layers = new WeakMap<IdempotencyConfig, Map<string, ConfiguredLayer>>();
  readonly #operations: RecordOperations = {
    put: (record) => this._putRecord(record),
    get: (idempotencyKey) => this._getRecord(idempotencyKey),
    update: (record) => this._updateRecord(record),
    delete: (record) => this._deleteRecord(record),
  };
  /** Configured in this very stretch of synchronous code. */
  #configuring: ConfiguredLayer | undefined;
  #configuredLast: ConfiguredLayer = new ConfiguredLayer(this.#operations, this.idempotencyKeyPrefix);

  /** Throws a `ConfigurationError` for a length of time that is none. */
  constructor(options: KafkaOncePersistenceLayerOptions) {
    super();
    const { store, leaseMs = 30_000, clockSkewMs = 2000 } = options;
    const { clock = systemClock, randomness = systemRandomness } = options;
    requireMs('leaseMs', leaseMs, 1);
    requireMs('clockSkewMs', clockSkewMs, 0);
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    this.#claims = new MarkerClaims({ store, leaseMs, clockSkewMs, clock, randomness });
  }

  /** The claim of the idempotent function that is running; undefined outside of one. */
  currentClaim(): CurrentClaim | undefined {
    const held = this.#calls.running()?.claim;
    if (held === undefined) return undefined;
    const { idempotencyKey, fence } = held.claim;
    return { idempotencyKey, fence, signal: held.renewal.lost };
  }

  override configure(options: ConfigureOptions): void {
    const layer = this.#layerFor(options);
    this.#configuredLast = layer;
    this.#configuring = layer;
    // Powertools begins a call synchronously after configuring for it, or not at all. When it begins one anew, much
    // later, other functions have been configured meanwhile.
    queueMicrotask(() => {
      if (this.#configuring === layer) this.#configuring = undefined;
    });
  }

  // Not async: what it does first must happen in the context of its caller.
  override saveInProgress(payload: Payload, remainingTimeInMillis?: number): Promise<void> {
    const layer = this.#layerOf(payload);
    const call = this.#calls.begin(payload, { layer, remainingMs: remainingTimeInMillis });
    // Powertools warns where there is no remaining time; here nothing depends on it.
    return this.#orOver(call, layer.saveInProgress(payload, remainingTimeInMillis || this.#leaseMs));
  }

  override async saveSuccess(payload: Payload, result: Payload): Promise<void> {
    const call = this.#calls.ending(payload);
    if (call?.claim === undefined) throw notHeld();
    await this.#complete(call, call.claim, result);
  }

  override async deleteRecord(payload: Payload): Promise<void> {
    const call = this.#calls.ending(payload);
    // A middleware also deletes where its claim was refused: what is there then is somebody else's.
    if (call?.claim !== undefined) await this.#release(call, call.claim);
  }

  override getRecord(payload: Payload): Promise<IdempotencyRecord> {
    return this.#layerOf(payload).getRecord(payload);
  }

  override processExistingRecord(stored: IdempotencyRecord, processed: Payload | IdempotencyRecord): IdempotencyRecord {
    const layer = processed instanceof IdempotencyRecord ? this.#configuredLast : this.#layerOf(processed);
    return layer.processExistingRecord(stored, processed);
  }

  override isPayloadValidationEnabled(): boolean {
    return this.#configuredLast.isPayloadValidationEnabled();
  }

  override getExpiresAfterSeconds(): number {
    return this.#configuredLast.getExpiresAfterSeconds();
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const call = this.#calls.claiming();
    if (call === undefined) throw new Error('A record is put by saveInProgress only, which knows whose claim it is.');
    const { layer, remainingMs } = call.setup;
    const { idempotencyKey } = record;
    const answer = await this.#claims.claim({
      idempotencyKey,
      fingerprint: layer.isPayloadValidationEnabled() ? record.payloadHash : undefined,
      expiresAfterSeconds: layer.getExpiresAfterSeconds(),
      remainingMs,
    });
    if (answer.kind === 'existing') {
      const existing = toIdempotencyRecord(idempotencyKey, answer.marker);
      throw new IdempotencyItemAlreadyExistsError(`Idempotency key ${idempotencyKey} is claimed already.`, existing);
    }
    const renewal = new LeaseRenewal(answer.claim, this.#claims, this.#clock, this.#leaseMs);
    this.#calls.hold(call, { claim: answer.claim, renewal });
  }

  protected override async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const marker = await this.#claims.read(idempotencyKey);
    if (marker === undefined) throw new IdempotencyItemNotFoundError(`There is no marker of ${idempotencyKey}.`);
    return toIdempotencyRecord(idempotencyKey, marker);
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    const call = this.#calls.running();
    if (call?.claim?.claim.idempotencyKey !== record.idempotencyKey) throw notHeld();
    await this.#complete(call, call.claim, record.getResponse());
  }

  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    const call = this.#calls.running();
    if (call?.claim?.claim.idempotencyKey === record.idempotencyKey) await this.#release(call, call.claim);
  }

  /** The lease is renewed until the completion is confirmed. */
  async #complete(call: LayerCall, { claim, renewal }: Held, result: Payload): Promise<void> {
    try {
      const { resultStored, expiresAtSeconds } = await this.#claims.complete(claim, result);
      if (!resultStored) {
        console.warn(
          `The result for idempotency key ${claim.idempotencyKey} cannot be stored; a duplicate will get undefined.`,
        );
        return;
      }
      const completed = new IdempotencyRecord({
        idempotencyKey: claim.idempotencyKey,
        status: IdempotencyRecordStatus.COMPLETED,
        expiryTimestamp: expiresAtSeconds,
        responseData: result,
        ...(claim.fingerprint === undefined ? {} : { payloadHash: claim.fingerprint }),
      });
      // Puts it into the local cache, where that is in use.
      call.setup.layer.processExistingRecord(completed, completed);
    } finally {
      renewal.stop();
      this.#calls.end(call);
    }
  }

  /** A release that fails costs a wait for the end of the lease, and must not hide the error of the function. */
  async #release(call: LayerCall, { claim, renewal }: Held): Promise<void> {
    renewal.stop();
    this.#calls.end(call);
    const error = await this.#claims.release(claim);
    if (error !== undefined) {
      console.warn(`Idempotency key ${claim.idempotencyKey} stays locked until its lease ends: ${error.message}`);
    }
  }

  async #orOver(call: LayerCall, claimed: Promise<void>): Promise<void> {
    try {
      await claimed;
    } catch (error) {
      this.#calls.end(call);
      throw error;
    }
  }

  #layerOf(payload: Payload): ConfiguredLayer {
    return this.#configuring ?? this.#calls.begun(payload)?.setup.layer ?? this.#configuredLast;
  }

  #layerFor({ config, keyPrefix, functionName }: ConfigureOptions): ConfiguredLayer {
    const named = functionName?.trim() ? `${this.idempotencyKeyPrefix}.${functionName.trim()}` : '';
    const prefix = keyPrefix?.trim() || named || this.idempotencyKeyPrefix;
    const layers = this.#layers.get(config) ?? new Map<string, ConfiguredLayer>();
    this.#layers.set(config, layers);
    const known = layers.get(prefix);
    if (known !== undefined) return known;
    const layer = new ConfiguredLayer(this.#operations, prefix);
    layer.configure({ config });
    layers.set(prefix, layer);
    return layer;
  }
}

function notHeld(): Error {
  return new Error('This call holds no claim: it was never made, or has been completed or released before.');
}

function requireMs(property: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new ConfigurationError(property, `must be a number of milliseconds, ${least} or more`);
  }
}
