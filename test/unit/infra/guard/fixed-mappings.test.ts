import { describe, expect, it } from 'vitest';
import { fixedMappings } from '../../../../infra/guard/fixed-mappings.ts';
import { mappingTemplate, selfManaged } from './mapping-template.ts';

const group = (ConsumerGroupId: unknown, more: object = {}) => ({
  AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId, ...more },
});

describe('fixedMappings', () => {
  it.each<readonly [string, object, string]>([
    ['topic', { Topics: ['orders.v2'] }, 'Topics changes from ["orders"] to ["orders.v2"]'],
    [
      'topic that is a reference',
      { Topics: [{ Ref: 'Topic' }] },
      'Topics changes from ["orders"] to [{"Ref":"Topic"}]',
    ],
    ['consumer group', group('billing'), 'ConsumerGroupId changes from "shop-orders" to "billing"'],
    ['consumer group of none', group(undefined), 'ConsumerGroupId changes from "shop-orders" to none'],
  ])('tells a mapping of another %s', (_, changes, change) => {
    expect(fixedMappings(mappingTemplate(), mappingTemplate(changes))).toEqual([
      { logicalId: 'Mapping', changes: [change] },
    ]);
  });

  it('tells it of brokers that are not those of MSK as well', () => {
    const before = selfManaged('one:9092');
    const after = { ...before, SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'billing' } };
    expect(fixedMappings(mappingTemplate(before), mappingTemplate(after))).toMatchObject([{ logicalId: 'Mapping' }]);
  });

  it('lets change what AWS updates, the schema registry beside the consumer group included', () => {
    const after = { BatchSize: 10, Enabled: false, ...group('shop-orders', { SchemaRegistryConfig: {} }) };
    expect(fixedMappings(mappingTemplate(), mappingTemplate(after))).toEqual([]);
  });

  it('lets mappings come and go, and knows nothing of other sources', () => {
    expect(fixedMappings(mappingTemplate(), { Resources: {} })).toEqual([]);
    expect(fixedMappings({ Resources: {} }, mappingTemplate())).toEqual([]);
    expect(fixedMappings(mappingTemplate({ Topics: undefined }), mappingTemplate())).toEqual([]);
    expect(fixedMappings({}, undefined)).toEqual([]);
  });
});
