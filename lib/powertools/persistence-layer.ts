import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { type Call, CallRegistry } from './call-registry.ts';
import type { ConfiguredLayer } from './configured-layer.ts';
import { ConfiguredLayers, type ConfigureOptions } from './configured-layers.ts';
import { HeldClaim } from './held-claim.ts';
import { type ClaimTerms, MarkerClaims } from './marker-claims.ts';
import { claimTerms, type KafkaOncePersistenceLayerOptions } from './persistence-layer-options.ts';
import { toIdempotencyRecord } from './stored-record.ts';

/** The claim under which an idempotent function runs. */
export interface CurrentClaim {
  readonly idempotencyKey: string;
  /** Grows by one with each claim on the key; for downstream systems that refuse what is older than what they have seen. */
  readonly fence: number;
  /** Aborted when the lease is lost; its reason is a `LeaseLostError`. */
  readonly signal: AbortSignal;
}

interface Setup {
  readonly layer: ConfiguredLayer;
  readonly remainingMs: number | undefined;
}

type Payload = Parameters<BasePersistenceLayer['saveInProgress']>[0];
type LayerCall = Call<Payload, Setup, HeldClaim>;

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
  readonly #terms: ClaimTerms;
  readonly #claims: MarkerClaims;
  readonly #calls = new CallRegistry<Payload, Setup, HeldClaim>();
  readonly #layers: ConfiguredLayers;

  /** Throws a `ConfigurationError` for a length of time that is none. */
  constructor(options: KafkaOncePersistenceLayerOptions) {
    super();
    this.#terms = claimTerms(options);
    this.#claims = new MarkerClaims(this.#terms);
    const operations = {
      put: (record: IdempotencyRecord) => this._putRecord(record),
      get: (idempotencyKey: string) => this._getRecord(idempotencyKey),
      update: (record: IdempotencyRecord) => this._updateRecord(record),
      delete: (record: IdempotencyRecord) => this._deleteRecord(record),
    };
    this.#layers = new ConfiguredLayers(operations, this.idempotencyKeyPrefix);
  }

  /** The claim of the idempotent function that is running; undefined outside of one. */
  currentClaim(): CurrentClaim | undefined {
    const held = this.#calls.running()?.claim;
    if (held === undefined) return undefined;
    const { idempotencyKey, fence } = held.claim;
    return { idempotencyKey, fence, signal: held.lost };
  }

  override configure(options: ConfigureOptions): void {
    this.#layers.configure(options, this.idempotencyKeyPrefix);
  }

  // Not async: what it does first must happen in the context of its caller.
  override saveInProgress(payload: Payload, remainingTimeInMillis?: number): Promise<void> {
    const layer = this.#layerOf(payload);
    const call = this.#calls.begin(payload, { layer, remainingMs: remainingTimeInMillis });
    // Powertools warns where there is no remaining time; here nothing depends on it.
    return this.#orOver(call, layer.saveInProgress(payload, remainingTimeInMillis || this.#terms.leaseMs));
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
    const layer = processed instanceof IdempotencyRecord ? this.#layers.latest : this.#layerOf(processed);
    return layer.processExistingRecord(stored, processed);
  }

  override isPayloadValidationEnabled(): boolean {
    return this.#layers.latest.isPayloadValidationEnabled();
  }

  override getExpiresAfterSeconds(): number {
    return this.#layers.latest.getExpiresAfterSeconds();
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
    this.#calls.hold(call, new HeldClaim(answer.claim, this.#claims, this.#terms));
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

  async #complete(call: LayerCall, held: HeldClaim, result: Payload): Promise<void> {
    try {
      const completed = await held.complete(result);
      // Puts it into the local cache, where that is in use.
      if (completed !== undefined) call.setup.layer.processExistingRecord(completed, completed);
    } finally {
      this.#calls.end(call);
    }
  }

  async #release(call: LayerCall, held: HeldClaim): Promise<void> {
    this.#calls.end(call);
    await held.release();
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
    return this.#layers.configuring ?? this.#calls.begun(payload)?.setup.layer ?? this.#layers.latest;
  }
}

function notHeld(): Error {
  return new Error('This call holds no claim: it was never made, or has been completed or released before.');
}
