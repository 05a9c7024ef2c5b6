export type { Coordinates } from '../core/coordinates.ts';
export type { DeadLetterLocation } from '../core/dead-letter/dead-letter-body.ts';
export { DeadLetterFormatError } from '../core/dead-letter/dead-letter-error.ts';
export type { ErrorDescription, ErrorSummary } from '../core/dead-letter/error-description.ts';
export { parseDeadLetter } from '../core/dead-letter/parse-dead-letter.ts';
export type { DeadLetterFacts, DeadLetterPointer, WholeDeadLetter } from '../core/dead-letter/stored-dead-letter.ts';
export type { ReceivedRecord, SchemaMetadata, TimestampType } from '../core/record.ts';
export type { DeadLetterReason } from '../ports/dead-letter-sink.ts';
