export type { InvocationResult, Verdict } from '../core/esm/answer.ts';
export type { EventShape } from '../core/esm/event.ts';
export type { PartialResponseReading } from '../core/esm/retry.ts';
export type {
  EventSourceMappingSettings,
  OnFailureDestination,
  ProvisionedPollers,
  StartingPosition,
} from '../core/esm/settings.ts';
export { settingsOfMapping } from '../core/esm/settings-of-mapping.ts';
export {
  type ChildProcessFunction,
  type ChildProcessFunctionOptions,
  type ChildProcessFunctionStatus,
  childProcessFunction,
} from './esm/child-process-function.ts';
export { type ConsumerGroupTopic, committedOffsets, resetConsumerGroup } from './esm/consumer-group.ts';
export { type DeployedFunction, type DeployedFunctionOptions, deployedFunction } from './esm/deployed-function.ts';
export { fetchedFunction } from './esm/fetched-function.ts';
export type { FunctionInvoker } from './esm/function-invoker.ts';
export type { MappingEvent, MappingMetrics, MappingStatus } from './esm/mapping-events.ts';
export type { RetryBackoff } from './esm/retry-delay.ts';
export {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from './esm/start-event-source-mapping.ts';
export {
  type DeployToLocalStackOptions,
  deployToLocalStack,
  type StackOutputs,
} from './localstack/deploy-to-localstack.ts';
export type { LocalStack } from './localstack/localstack.ts';
export { startLocalStack } from './localstack/start-localstack.ts';
export {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  type Part,
  type PartName,
  type PartSource,
  type Parts,
  PartsError,
  type StartPartsOptions,
  startParts,
} from './parts/index.ts';
export { createIdempotencyTable } from './setup/create-idempotency-table.ts';
export { createTopic } from './setup/create-topic.ts';
