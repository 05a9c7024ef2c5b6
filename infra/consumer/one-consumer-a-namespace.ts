import { type ResourceEnvironment, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { mayBeOne } from './environments.ts';

/** What tells a consumer's markers from those of others. */
export interface MarkersOfConsumer {
  readonly namespace: string;
  readonly topic: string;
  readonly tableName: string;
}

interface RegisteredConsumer extends MarkersOfConsumer {
  readonly path: string;
  readonly environment: ResourceEnvironment;
}

/** The consumers of each app so far. */
const consumersOf = new WeakMap<IConstruct, RegisteredConsumer[]>();

/**
 * Refuses a second consumer of a topic with the namespace and the table of another one in the app: what one has handled is a
 * duplicate to the other, which would never handle it.
 *
 * Consumers of different topics may share a namespace, so that they share business IDs.
 *
 * @throws ConfigurationError naming `namespace` and the other consumer.
 */
export function refuseSharedNamespace(consumer: IConstruct, markers: MarkersOfConsumer): void {
  const { root, path } = consumer.node;
  const others = consumersOf.get(root) ?? [];
  const { account, region } = Stack.of(consumer);
  const environment = { account, region };
  consumersOf.set(root, [...others, { ...markers, path, environment }]);
  const { namespace, topic, tableName } = markers;
  const other = others
    .filter((one) => one.namespace === namespace && one.topic === topic && one.tableName === tableName)
    .find((one) => mayBeOne(one.environment, environment));
  if (other === undefined) return;
  throw new ConfigurationError(
    'namespace',
    `is '${namespace}', which ${other.path} has for topic '${topic}' on the same table: what one has handled the other takes for a duplicate. Give each its own`,
  );
}
