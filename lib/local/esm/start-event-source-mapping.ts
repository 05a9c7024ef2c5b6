import { systemClock } from '../../adapters/system/system-clock.ts';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { EventShape } from '../../core/esm/event.ts';
import type { PartialResponseReading } from '../../core/esm/retry.ts';
import type { EventSourceMappingSettings } from '../../core/esm/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { KafkaSource } from './kafka-source.ts';
import type { MappingEvent, MappingStatus } from './mapping-events.ts';
import { mappingSettings } from './mapping-settings.ts';
import { type RetryBackoff, retryDelay } from './retry-delay.ts';
import { RunningMapping } from './running-mapping.ts';

/**
 * What a local event source mapping connects, and how.
 *
 * - `brokers`: `host:port` of each, without TLS or authentication.
 * - `consumerGroupId`: a real group of the cluster; another mapping with the same one shares the partitions.
 * - `settings`: as AWS has them, with its defaults, ranges and what it offers in provisioned mode only. Those of a deployed
 *   mapping: `settingsOfMapping`. `topic` and `consumerGroupId` beside it win over its own, so a run may have others.
 * - `function`: what is invoked; it stays open when the mapping stops.
 * - `pollers`: invocations at a time, 1 to 200, default 1, whatever `settings.provisionedPollers` says of the deployed
 *   mapping. Poller n has the partitions p with p mod pollers = n.
 * - `eventShape`: default an MSK event. `bootstrapServers` is `brokers` unless given.
 * - `partialResponseReading`: AWS's page can be read in two ways; default `'named'`.
 * - `retryBackoff`: wait before a failed batch is delivered again, default 100 ms doubling to 5 s.
 * - `sessionTimeoutMs`: how long the group waits for a mapping that was killed, default 10 000, brokers want 6000 at least.
 * - `onEvent`: told what happens, synchronously; default: nobody.
 */
export interface EventSourceMappingOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly function: FunctionInvoker;
  readonly settings?: EventSourceMappingSettings;
  readonly pollers?: number;
  readonly eventShape?: Partial<EventShape>;
  readonly partialResponseReading?: PartialResponseReading;
  readonly retryBackoff?: RetryBackoff;
  readonly sessionTimeoutMs?: number;
  readonly clock?: Clock;
  readonly onEvent?: (event: MappingEvent) => void;
}

/** A running event source mapping. */
export interface EventSourceMapping {
  status(): MappingStatus;
  /**
   * Resolves when everything that the topic held at the call, in the partitions this mapping has, is done (or dropped)
   * and committed. With endless retries and a function that keeps failing it never resolves; `stop` rejects it.
   */
  drained(): Promise<void>;
  /**
   * Lets the invocations under way end, commits what they did and leaves the group. What waits stays uncommitted, so the
   * next mapping of the group gets it.
   */
  stop(): Promise<void>;
}

/** The ARN of the default event shape. */
const localClusterArn = 'arn:aws:kafka:us-east-1:000000000000:cluster/local/00000000-0000-0000-0000-000000000000-1';

/**
 * Starts an event source mapping on this machine: joins the consumer group, invokes the function with the documented
 * events and commits by the documented rules.
 *
 * Memory: some 12 MB of waiting records a poller at most, and up to 1 MB a partition.
 *
 * @throws ConfigurationError for settings that AWS refuses or ignores, or that this mapping does not imitate, and if the
 *   topic does not exist.
 */
export async function startEventSourceMapping(options: EventSourceMappingOptions): Promise<EventSourceMapping> {
  const pollers = options.pollers ?? 1;
  if (!Number.isInteger(pollers) || pollers < 1 || pollers > 200) {
    throw new ConfigurationError('pollers', `is ${pollers}; use a whole number from 1 to 200`);
  }
  const settings = mappingSettings({
    functionTimeoutSeconds: options.function.timeoutSeconds,
    ...options.settings,
    topic: options.topic,
    consumerGroupId: options.consumerGroupId,
  });
  const { brokers, topic, consumerGroupId, sessionTimeoutMs = 10_000 } = options;
  const { startingPosition } = settings;
  const mapping = await RunningMapping.start({
    openSource: (listener) =>
      KafkaSource.open({ brokers, topic, consumerGroupId, startingPosition, sessionTimeoutMs, ...listener }),
    topic,
    function: options.function,
    settings,
    pollers,
    shape: {
      source: { eventSource: 'aws:kafka', eventSourceArn: localClusterArn },
      bootstrapServers: brokers.join(','),
      ...options.eventShape,
    },
    partialResponseReading: options.partialResponseReading ?? 'named',
    retryDelayMs: retryDelay(options.retryBackoff ?? {}),
    clock: options.clock ?? systemClock,
    onEvent: options.onEvent ?? (() => {}),
  });
  return {
    status: () => mapping.status(),
    drained: () => mapping.drained(),
    stop: () => mapping.stop(),
  };
}
