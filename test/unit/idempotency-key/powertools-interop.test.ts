import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { describe, expect, it } from 'vitest';
import { BusinessIdError } from '../../../lib/core/errors/errors.ts';
import { fingerprintOf } from '../../../lib/core/idempotency-key/fingerprint.ts';
import { type KeySettings, recordKey } from '../../../lib/core/idempotency-key/idempotency-key.ts';
import { decoded, received } from './records.ts';

/** The real layer of Powertools, with a store that remembers what it was told to put. */
class RecordingLayer extends BasePersistenceLayer {
  readonly put: { idempotencyKey: string; payloadHash: string | undefined }[] = [];

  protected async _putRecord(record: { idempotencyKey: string; payloadHash?: string }): Promise<void> {
    this.put.push({ idempotencyKey: record.idempotencyKey, payloadHash: record.payloadHash });
  }
  protected async _updateRecord(): Promise<void> {}
  protected async _deleteRecord(): Promise<void> {}
  protected async _getRecord(): Promise<never> {
    throw new Error('nothing is stored');
  }
}

type Data = Parameters<BasePersistenceLayer['saveInProgress']>[0];

const settings: KeySettings = {
  namespace: 'billing',
  clusterLabel: 'main',
  scope: 'namespace',
  hash: 'md5',
  onMissingBusinessId: 'fallback',
};

async function powertools(data: Data): Promise<RecordingLayer['put'][number] | undefined> {
  const layer = new RecordingLayer();
  layer.configure({
    config: new IdempotencyConfig({ eventKeyJmesPath: 'id', payloadValidationJmesPath: 'id' }),
    keyPrefix: 'billing',
  });
  await layer.saveInProgress({ id: data }, 1000);
  return layer.put[0];
}

const ids: readonly (readonly [Data])[] = [
  ['o-1'],
  ['ü€😀 "quoted" \\ \n'],
  ['\ud800'],
  [5],
  [-0.5],
  [1e-7],
  [true],
  [['tenant', 12]],
  [{ b: 1, a: [{ d: null, c: 'x' }] }],
  [{ B: 1, a: 2, C: 3 }],
  [{ x10: 1, x9: 2, '10': 3, '9': 4, '-1': 5, '01': 6 }],
  [{ A: 1, a: 2 }],
  [{ a: 2, A: 1 }],
  [{ ä: 1, z: 2, '': 3 }],
];

describe("hash 'md5'", () => {
  it.each(ids)('makes the key that Powertools makes for %j', async (id) => {
    const theirs = await powertools(id);
    expect(recordKey(id, received(), settings).idempotencyKey).toBe(theirs?.idempotencyKey);
  });

  it.each(ids)('makes the fingerprint that Powertools keeps for %j', async (id) => {
    const theirs = await powertools(id);
    expect(fingerprintOf(decoded(id), received(), ({ value }) => value, 'md5')).toBe(theirs?.payloadHash);
  });

  it('writes a bigint as the number it is, with all its digits', async () => {
    const theirs = await powertools(['t', 12]);
    expect(recordKey(['t', 12n], received(), settings).idempotencyKey).toBe(theirs?.idempotencyKey);
    const [one, other] = [9007199254740992n, 9007199254740993n].map((id) => recordKey(id, received(), settings));
    expect(one).not.toEqual(other);
  });

  it('does not round either', () => {
    expect(() => recordKey(2 ** 53, received(), settings)).toThrow(BusinessIdError);
  });

  it('takes JSON values only, where Powertools takes all dates for one', () => {
    expect(() => recordKey([new Date(5)], received(), settings)).toThrow(BusinessIdError);
    expect(() => recordKey(Uint8Array.of(1), received(), settings)).toThrow(BusinessIdError);
  });
});
