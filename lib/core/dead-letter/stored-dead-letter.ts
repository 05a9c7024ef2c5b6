import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import type { Coordinates } from '../coordinates.ts';
import type { ReceivedRecord, SchemaMetadata, TimestampType } from '../record.ts';
import type { DeadLetterLocation } from './dead-letter-body.ts';
import type { ErrorDescription } from './error-description.ts';

/** What every stored dead letter says of its record: all but key, value and headers. */
export interface DeadLetterFacts extends Coordinates {
  readonly reason: DeadLetterReason;
  readonly error: ErrorDescription;
  readonly attempts: number;
  readonly timestampMs: number | undefined;
  readonly timestampType: TimestampType | undefined;
  readonly clusterLabel: string;
  readonly namespace: string;
  readonly idempotencyKey: string | undefined;
  /** Key of the marker that holds the record's Kafka key: delete it to release the key. */
  readonly holdKey: string | undefined;
  readonly deadLetteredAtMs: number;
  readonly keySchemaMetadata: SchemaMetadata | undefined;
  readonly valueSchemaMetadata: SchemaMetadata | undefined;
}

/** A letter with its record, as Lambda delivered it (header bytes as 0 to 255, what was absent as null). */
export interface WholeDeadLetter extends DeadLetterFacts {
  readonly kind: 'whole';
  readonly record: ReceivedRecord;
}

/** A letter whose whole is an object in S3. */
export interface DeadLetterPointer extends DeadLetterFacts {
  readonly kind: 'pointer';
  readonly storedIn: DeadLetterLocation;
}
