import { KafkaSource } from '../source/kafka-source.ts';
import type { SourceBinding } from '../source/source-binding.ts';

/**
 * Stands for a Kafka cluster on a machine that runs LocalStack, which makes no event source mapping for Kafka: one that runs
 * beside it reads the topics. Nothing is granted, because no part of AWS reads them.
 */
export class LocalstackSource extends KafkaSource {
  override bind(): SourceBinding {
    return {
      kind: 'selfManaged',
      mapping: { selfManagedEventSource: { endpoints: { kafkaBootstrapServers: ['localhost:9092'] } } },
      clusterLabel: 'default',
      grantConsume: () => {},
    };
  }
}
