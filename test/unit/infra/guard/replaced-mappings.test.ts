import { describe, expect, it } from 'vitest';
import { replacedMappings } from '../../../../infra/guard/replaced-mappings.ts';
import { mappingTemplate, selfManaged } from './mapping-template.ts';

describe('replacedMappings', () => {
  const brokers = selfManaged('one:9092');
  it.each<readonly [string, object, object, string]>([
    [
      'another cluster',
      {},
      { EventSourceArn: 'arn:other' },
      'EventSourceArn changes from {"Ref":"Cluster"} to "arn:other"',
    ],
    ['one more broker', brokers, selfManaged('one:9092', 'two:9092'), 'SelfManagedEventSource changes from'],
    [
      'a start elsewhere',
      {},
      { StartingPosition: 'LATEST' },
      'StartingPosition changes from "TRIM_HORIZON" to "LATEST"',
    ],
    [
      'a start at another time',
      {},
      { StartingPositionTimestamp: 1 },
      'StartingPositionTimestamp changes from none to 1',
    ],
  ])('tells %s', (_, before, after, change) => {
    const [replaced, ...others] = replacedMappings(mappingTemplate(before), mappingTemplate(after));
    expect(others).toEqual([]);
    expect(replaced).toMatchObject({ logicalId: 'Mapping', changes: [expect.stringContaining(change)] });
  });

  it('tells each change when brokers move to MSK', () => {
    const [{ changes } = { changes: [] }] = replacedMappings(mappingTemplate(brokers), mappingTemplate());
    expect(changes).toEqual([
      expect.stringMatching(/^EventSourceArn/),
      expect.stringMatching(/^SelfManagedEventSource/),
    ]);
  });

  it('tells a mapping under another name with the same consumer group', () => {
    expect(replacedMappings(mappingTemplate(), mappingTemplate({}, 'Moved'))).toEqual([
      { logicalId: 'Mapping', changes: ['is gone, and Moved has its consumer group'] },
    ]);
  });

  it('lets another mapping come in its place, and one that was there before stay', () => {
    const other = { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'billing' } };
    const none = { AmazonManagedKafkaEventSourceConfig: undefined };
    expect(replacedMappings(mappingTemplate(), mappingTemplate(other, 'Billing'))).toEqual([]);
    expect(replacedMappings(mappingTemplate(none), mappingTemplate(none, 'Other'))).toEqual([]);
    const both = { Resources: { ...mappingTemplate().Resources, ...mappingTemplate({}, 'Twin').Resources } };
    expect(replacedMappings(both, mappingTemplate({}, 'Twin'))).toEqual([]);
  });

  it('lets change what AWS updates, in whatever order properties stand', () => {
    const before = { SelfManagedEventSource: { Endpoints: { A: [], B: [] } } };
    const after = {
      SelfManagedEventSource: { Endpoints: { B: [], A: [] } },
      BatchSize: 1,
      SourceAccessConfigurations: [],
    };
    expect(replacedMappings(mappingTemplate(before), mappingTemplate(after))).toEqual([]);
    expect(replacedMappings({}, undefined)).toEqual([]);
  });
});
