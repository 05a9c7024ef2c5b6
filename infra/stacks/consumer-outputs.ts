import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { KafkaConsumer } from '../consumer/kafka-consumer.ts';

/** Outputs of a consumer, named `<name>FunctionName` and so on. */
export function consumerOutputs(scope: Construct, name: string, consumer: KafkaConsumer): void {
  const { deadLetters } = consumer;
  const outputs: Readonly<Record<string, string | undefined>> = {
    FunctionName: consumer.function.functionName,
    LogGroupName: consumer.logGroup.logGroupName,
    ConsumerGroup: consumer.consumerGroupId,
    Namespace: consumer.namespace,
    DeadLetterQueueUrl: deadLetters?.queue.queueUrl,
    DeadLetterBucketName: deadLetters?.bucket?.bucketName,
    MappingId: consumer.mapping?.ref,
  };
  for (const [output, value] of Object.entries(outputs)) {
    if (value !== undefined) new CfnOutput(scope, `${name}${output}`, { value });
  }
}
