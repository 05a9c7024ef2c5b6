import { decodeRecord } from '../core/decode/decode-record.ts';
import type { Decoder } from '../core/decode/decoder.ts';
import type { CompiledBusinessId } from '../core/idempotency-key/business-id.ts';
import { type FingerprintSelector, fingerprintOf } from '../core/idempotency-key/fingerprint.ts';
import { fallbackKey, holdKey, type KeySettings, recordKey } from '../core/idempotency-key/idempotency-key.ts';
import type { KafkaRecord, ReceivedRecord } from '../core/record.ts';
import type { Observer } from '../ports/observer.ts';
import type { RecordContext } from './handler-context.ts';
import type { LambdaContext } from './lambda-context.ts';
import { recordLogger } from './observe/record-logger.ts';
import type { Prepared } from './run/entry.ts';
import type { HandlerCall } from './run/handler-call.ts';
import { withoutRejection } from './run/without-rejection.ts';

/** How records are decoded, keyed and handled; the user's options, compiled. */
export interface Preparation {
  /** The types of `kafkaHandler` see to it that the handler takes what these decode. */
  readonly decoders: { readonly value: Decoder<unknown>; readonly key: Decoder<Uint8Array> };
  /** Undefined: records are known by their coordinates, by choice. */
  readonly businessId: CompiledBusinessId<unknown, Uint8Array> | undefined;
  readonly fingerprint: FingerprintSelector<unknown, Uint8Array> | undefined;
  readonly keys: KeySettings;
  /** A dead letter holds its Kafka key. */
  readonly holdsKeys: boolean;
  readonly handle: (record: KafkaRecord, call: HandlerCall, given: GivenToAll) => unknown;
}

/** What every handler is given, whatever the mode. */
export type GivenToAll = Pick<RecordContext, 'logger' | 'lambdaContext'>;

/** The invocation in which a record is made ready. */
export interface PreparedIn {
  readonly lambdaContext: LambdaContext | undefined;
  /** Bounds the time of work that may never settle. */
  readonly inTime: <T>(work: Promise<T>, what: string) => Promise<T>;
}

/**
 * Decodes a record and computes its keys, once, before the handler can see or change it.
 *
 * Never rejects: a record that cannot be decoded or keyed is known by its coordinates, and "handling" it fails with the
 * reason.
 */
export async function prepare(
  received: ReceivedRecord,
  preparation: Preparation,
  observer: Observer,
  { lambdaContext, inTime }: PreparedIn,
): Promise<Prepared> {
  const { keys, handle } = preparation;
  const coordinatesKey = fallbackKey(received, keys);
  const held = preparation.holdsKeys ? holdKey(received, keys) : undefined;
  try {
    const record = await inTime(decodeRecord(detached(received), preparation.decoders), 'decoding');
    const id = withoutRejection(preparation.businessId?.(record, received));
    const known = recordKey(id, received, keys);
    // Coordinates prove by themselves that it is the same record; a schema that adds, say, the time must not deny it.
    const selector = known.kind === 'fallback' ? undefined : quiet(preparation.fingerprint);
    const fingerprint = fingerprintOf(record, received, selector, keys.hash);
    const lacksBusinessId = known.kind === 'fallback' && preparation.businessId !== undefined;
    if (lacksBusinessId) observer.observe({ type: 'fallbackKey', coordinates: received });
    return {
      idempotencyKey: known.idempotencyKey,
      keyKind: known.kind,
      coordinatesKey,
      holdKey: held,
      fingerprint,
      lacksBusinessId,
      decoded: { record },
      handle: async (call) => await handle(record, call, { logger: recordLogger(observer, received), lambdaContext }),
    };
  } catch (error) {
    return {
      idempotencyKey: coordinatesKey,
      keyKind: 'fallback',
      coordinatesKey,
      holdKey: held,
      fingerprint: undefined,
      lacksBusinessId: false,
      decoded: { fault: error },
      handle: () => Promise.reject(error),
    };
  }
}

/** Shares no object with the decoded record, which the handler may change: a dead letter holds what was received. */
function detached(received: ReceivedRecord): ReceivedRecord {
  const { keySchemaMetadata, valueSchemaMetadata } = received;
  return {
    ...received,
    keySchemaMetadata: keySchemaMetadata && { ...keySchemaMetadata },
    valueSchemaMetadata: valueSchemaMetadata && { ...valueSchemaMetadata },
  };
}

function quiet(
  selector: FingerprintSelector<unknown, Uint8Array> | undefined,
): FingerprintSelector<unknown, Uint8Array> | undefined {
  return selector && ((record) => withoutRejection(selector(record)));
}
