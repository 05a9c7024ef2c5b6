import { type ResourceEnvironment, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { mayBeOne } from './environments.ts';

interface GroupOfConsumer {
  readonly consumerGroupId: string;
  readonly path: string;
  readonly environment: ResourceEnvironment;
}

/** The groups of each app so far. */
const groupsOf = new WeakMap<IConstruct, GroupOfConsumer[]>();

/**
 * Refuses a consumer group that another mapping of the app has, in an account and Region that may be the same.
 *
 * Source: AWS Lambda API reference, AmazonManagedKafkaEventSourceConfig and SelfManagedKafkaEventSourceConfig: a consumer
 * group ID must be unique among all Kafka event sources.
 *
 * @throws ConfigurationError naming `consumerGroupId` and the other consumer.
 */
export function refuseSharedGroup(
  consumer: IConstruct,
  { consumerGroupId, namespace }: { readonly consumerGroupId: string; readonly namespace: string },
): void {
  const { root, path } = consumer.node;
  const { account, region } = Stack.of(consumer);
  const environment = { account, region };
  const others = groupsOf.get(root) ?? [];
  groupsOf.set(root, [...others, { consumerGroupId, path, environment }]);
  const other = others.find((one) => one.consumerGroupId === consumerGroupId && mayBeOne(one.environment, environment));
  if (other === undefined) return;
  const itself = consumerGroupId === namespace ? `'${consumerGroupId}' (the namespace)` : `'${consumerGroupId}'`;
  throw new ConfigurationError(
    'consumerGroupId',
    `is ${itself}, which ${other.path} has: AWS wants a group of its own for each mapping of an account and Region, on every topic and cluster. Give each its own`,
  );
}
