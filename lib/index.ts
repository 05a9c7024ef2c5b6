export { dynamoDbStore } from './adapters/dynamodb/dynamodb-store.ts';
export type { DynamoDbStoreOptions } from './adapters/dynamodb/store-options.ts';
export type { AttributeNames } from './adapters/dynamodb/table.ts';
export { sqsDeadLetters } from './adapters/sqs/sqs-dead-letters.ts';
export type { LargeRecordsOptions, SqsDeadLettersOptions } from './adapters/sqs/sqs-dead-letters-options.ts';
export type { KafkaBatchItemFailure, KafkaBatchResponse } from './core/answer/batch-response.ts';
export type { FailureReporting } from './core/answer/failure-reporting.ts';
export type { Marker } from './core/claim/marker.ts';
export type { Coordinates } from './core/coordinates.ts';
export { DeadLetterNotStoredError } from './core/dead-letter/dead-letter-error.ts';
export type { ErrorDescription, ErrorSummary } from './core/dead-letter/error-description.ts';
export { bytes } from './core/decode/bytes.ts';
export type { DecodedPart, Decoder } from './core/decode/decoder.ts';
export { headerText, headerValue } from './core/decode/header-value.ts';
export { type JsonOptions, json } from './core/decode/json.ts';
export type { StandardSchema } from './core/decode/standard-schema.ts';
export { text } from './core/decode/text.ts';
export {
  AttemptsExhaustedError,
  BusinessIdError,
  ConfigurationError,
  FingerprintMismatchError,
  KeyHeldError,
  LeaseLostError,
  MalformedEventError,
  PositionError,
  RecordDecodingError,
  SchemaViolationError,
  TimeBudgetError,
  UndoneRecordsError,
  UnknownOutcomeError,
  UnprocessableRecordError,
} from './core/errors/errors.ts';
export { type BusinessId, type BusinessIdFunction, contentHash, header } from './core/idempotency-key/business-id.ts';
export type { FingerprintSetting } from './core/idempotency-key/fingerprint.ts';
export type { RecordExpression, SelectingExpression } from './core/idempotency-key/record-expression.ts';
export type { Ordering } from './core/ordering/ordering.ts';
export type { DoneOutcome, Outcome, UndoneOutcome } from './core/outcome.ts';
export type { KafkaRecord, ReceivedRecord, RecordHeader, SchemaMetadata, TimestampType } from './core/record.ts';
export type { HandlerContext, RecordContext, RecordHandler } from './handler/handler-context.ts';
export type { ClaimOptions, CommonOptions, KeyedOptions } from './handler/handler-options.ts';
export { kafkaHandler } from './handler/kafka-handler.ts';
export type { LambdaContext } from './handler/lambda-context.ts';
export type { KafkaLambdaHandler } from './handler/lambda-handler.ts';
export { consoleObserver } from './handler/observe/console-observer.ts';
export type { RecordLogger } from './handler/observe/record-logger.ts';
export type { Cancel, Clock } from './ports/clock.ts';
export type { DeadLetter, DeadLetterReason, DeadLetterSink } from './ports/dead-letter-sink.ts';
export type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  Failed,
  IdempotencyStore,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  StoreCall,
  TakeOverWrite,
} from './ports/idempotency-store.ts';
export type { LogFields, LogLevel, Observation, Observer } from './ports/observer.ts';
export type { ProcessExit } from './ports/process-exit.ts';
export type { Randomness } from './ports/randomness.ts';
export { StoreError, type StoreErrorKind } from './ports/store-error.ts';
