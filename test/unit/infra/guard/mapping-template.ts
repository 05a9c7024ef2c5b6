/** A template with one consumer's mapping, `changes` beside or instead of its properties. */
export function mappingTemplate(changes: object = {}, logicalId = 'Mapping'): { readonly Resources: object } {
  const properties = {
    FunctionName: { 'Fn::GetAtt': ['Orders', 'Arn'] },
    EventSourceArn: { Ref: 'Cluster' },
    Topics: ['orders'],
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 500,
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'shop-orders' },
    ...changes,
  };
  return { Resources: { [logicalId]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: properties } } };
}

/** What makes it a mapping of brokers that are not MSK's. */
export const selfManaged = (...servers: readonly string[]): object => ({
  EventSourceArn: undefined,
  AmazonManagedKafkaEventSourceConfig: undefined,
  SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: servers } },
  SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'shop-orders' },
});
