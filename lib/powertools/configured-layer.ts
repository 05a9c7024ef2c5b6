import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** What a persistence layer does with single records. */
export interface RecordOperations {
  put(record: IdempotencyRecord): Promise<void>;
  get(idempotencyKey: string): Promise<IdempotencyRecord>;
  update(record: IdempotencyRecord): Promise<void>;
  delete(record: IdempotencyRecord): Promise<void>;
}

/**
 * A layer for one configuration and one prefix: it makes keys, hashes payloads and keeps the local cache as Powertools does.
 *
 * Powertools' base class takes on the first configuration that it is given and the latest prefix, so an instance for each
 * is what keeps functions apart that share a layer.
 */
export class ConfiguredLayer extends BasePersistenceLayer {
  readonly #operations: RecordOperations;

  constructor(operations: RecordOperations, idempotencyKeyPrefix: string) {
    super();
    this.#operations = operations;
    this.idempotencyKeyPrefix = idempotencyKeyPrefix;
  }

  protected override _putRecord(record: IdempotencyRecord): Promise<void> {
    return this.#operations.put(record);
  }

  protected override _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    return this.#operations.get(idempotencyKey);
  }

  protected override _updateRecord(record: IdempotencyRecord): Promise<void> {
    return this.#operations.update(record);
  }

  protected override _deleteRecord(record: IdempotencyRecord): Promise<void> {
    return this.#operations.delete(record);
  }
}
