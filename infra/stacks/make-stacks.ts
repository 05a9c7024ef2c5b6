import type { Environment, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import { KafkaAuthentication } from '../source/kafka-authentication.ts';
import { KafkaSource } from '../source/kafka-source.ts';
import { ClusterStack } from './cluster-stack.ts';
import { configuredBrokers, configuredMsk } from './configured-source.ts';
import { ConsumersStack } from './consumers-stack.ts';
import { LocalstackSource } from './localstack-source.ts';

/** The stacks of a configuration; `cluster` is there where the app makes the cluster. */
export interface Stacks {
  readonly consumers: ConsumersStack;
  readonly cluster: Stack | undefined;
}

/** That of an MSK cluster is known to AWS only. */
const anyPlace = { subnetIds: ['*'], securityGroupIds: ['*'] };

/** Makes `KafkaOnce`, and `KafkaOnceCluster` for a cluster of its own. */
export function makeStacks(app: Construct, configuration: Configuration, env: Environment = {}): Stacks {
  const { source, topics } = configuration;
  const mapping = configuration.eventSourceMappings === 'create';
  const consumers = (props: Omit<ConstructorParameters<typeof ConsumersStack>[2], 'configuration'>): ConsumersStack =>
    new ConsumersStack(app, 'KafkaOnce', { configuration, env, mapping, ...props });
  switch (source.kind) {
    case 'msk':
      return {
        consumers: consumers({ source: (scope) => configuredMsk(scope, source), place: anyPlace }),
        cluster: undefined,
      };
    case 'selfManaged':
      return {
        consumers: consumers({
          source: (scope) => configuredBrokers(scope, source),
          ...(source.network !== undefined && { place: source.network }),
        }),
        cluster: undefined,
      };
    case 'localstack':
      return {
        consumers: consumers({ source: () => new LocalstackSource(), mapping: false, disposable: true }),
        cluster: undefined,
      };
    case 'greenfield': {
      const cluster = new ClusterStack(app, 'KafkaOnceCluster', {
        env,
        topics: Object.values(topics).map((topic) => ({ topic, partitions: source.topicPartitions })),
      });
      const { clusterArn, clusterName: clusterLabel } = cluster;
      const made = consumers({
        source: () => KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.iam(), clusterLabel }),
        place: anyPlace,
      });
      made.addStackDependency(cluster);
      return { consumers: made, cluster };
    }
  }
}
