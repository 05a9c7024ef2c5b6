export { dynamoDbStore } from '../adapters/dynamodb/commit-store.ts';
export type { AttributeMap, AttributeValue } from '../core/effects/attribute-value.ts';
export type { Effect, EffectTerms, OnConditionFailed } from '../core/effects/effect.ts';
export type {
  ActionTerms,
  AttributeChanges,
  CheckEffect,
  ConditionTerms,
  DeleteEffect,
  Effects,
  KeyedItem,
  PutEffect,
  TransactWriteAction,
  TransitionEffect,
  UpdateEffect,
  VersionedUpdateEffect,
} from '../core/effects/effects.ts';
export {
  EffectConditionFailedError,
  EffectConditionRejectedError,
  EffectError,
  EffectLimitError,
  EffectsClosedError,
  EffectTableError,
  UnwritableEffectsError,
} from '../core/errors/effect-errors.ts';
export type { Position } from '../core/position/position.ts';
export { kafkaHandler } from '../handler/commit/kafka-handler.ts';
export type {
  KafkaHandlerOptions,
  MarkManyOptions,
  MarkOptions,
  PositionManyOptions,
  PositionOptions,
  TransactionManyOptions,
  TransactionOptions,
} from '../handler/commit/mode-options.ts';
export type { ManyContext, ManyEffectContext, RecordsHandler } from '../handler/handle-many.ts';
export type { EffectContext } from '../handler/handler-context.ts';
export type {
  CancellationReason,
  Commit,
  CommitResult,
  CommitStore,
  MarkWrite,
  PositionWrite,
  ReadPositionResult,
  SetMarkResult,
  TransactionalStore,
} from '../ports/commit-store.ts';
