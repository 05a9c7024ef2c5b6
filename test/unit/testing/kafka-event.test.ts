import { describe, expect, it } from 'vitest';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';
import { kafkaEvent } from '../../../lib/testing/index.ts';

describe('kafkaEvent', () => {
  it('groups records by topic-partition and numbers their offsets', () => {
    const event = kafkaEvent(
      [
        { value: 'a' },
        { partition: 3, offset: 40, value: 'b' },
        { value: 'c' },
        { partition: 3, value: 'd' },
        { topic: 'order-lines.v2', value: 'e' },
      ],
      { topic: 'placed' },
    );
    const offsets = Object.entries(event.records).map(([name, records]) => [name, records.map(({ offset }) => offset)]);
    expect(offsets).toEqual([
      ['placed-0', [0, 1]],
      ['placed-3', [40, 41]],
      ['order-lines.v2-0', [0]],
    ]);
  });

  it('is an event that the toolkit receives, from any source', () => {
    for (const source of ['msk', 'selfManaged', 'recordsOnly'] as const) {
      const event = kafkaEvent([{ key: 'k', value: { orderId: 7 } }, { partition: 1 }], { source });
      expect(receiveEvent(JSON.parse(JSON.stringify(event)))).toHaveLength(2);
    }
    expect(kafkaEvent([], { source: 'msk' })).toMatchObject({
      eventSource: 'aws:kafka',
      eventSourceArn: expect.stringContaining(':kafka:'),
    });
    expect(kafkaEvent([], { source: 'selfManaged' })).toEqual({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: expect.any(String),
      records: {},
    });
    expect(kafkaEvent([], { source: 'recordsOnly' })).toEqual({ records: {} });
  });

  it('encodes text as UTF-8, bytes as they are, and the rest as JSON', () => {
    const values = ['Grüße', new Uint8Array([0, 255]), { orderId: 1 }, [1], 7, false];
    const { records } = kafkaEvent(values.map((value) => ({ value, key: value })));
    const encoded = ['R3LDvMOfZQ==', 'AP8=', 'eyJvcmRlcklkIjoxfQ==', 'WzFd', 'Nw==', 'ZmFsc2U='];
    expect(records['orders-0']?.map(({ value }) => value)).toEqual(encoded);
    expect(records['orders-0']?.map(({ key }) => key)).toEqual(encoded);
  });

  it('has null or nothing for a tombstone and for a record without a key', () => {
    expect(kafkaEvent([{ value: null }]).records['orders-0']).toMatchObject([{ key: null, value: null }]);
    const [absent] = kafkaEvent([{}], { missing: 'absent' }).records['orders-0'] ?? [];
    expect(absent).toBeDefined();
    expect(absent).not.toHaveProperty('key');
    expect(absent).not.toHaveProperty('value');
  });

  it('keeps the order and repetitions of headers, their bytes signed', () => {
    const headers: [string, string | Uint8Array][] = [
      ['trace', 'é'],
      ['raw', new Uint8Array([0, 127, 128, 255])],
      ['trace', ''],
    ];
    expect(kafkaEvent([{ headers }]).records['orders-0']?.[0]?.headers).toEqual([
      { trace: [-61, -87] },
      { raw: [0, 127, -128, -1] },
      { trace: [] },
    ]);
    expect(kafkaEvent([{ headers: { a: '1', b: { n: 2 } } }]).records['orders-0']?.[0]?.headers).toEqual([
      { a: [49] },
      { b: [123, 34, 110, 34, 58, 50, 125] },
    ]);
  });

  it('takes timestamps and schema metadata as given', () => {
    const [first, second] =
      kafkaEvent([
        { timestampMs: 5, timestampType: 'LOG_APPEND_TIME' },
        {
          valueSchemaMetadata: { dataFormat: 'AVRO', schemaId: '9' },
          keySchemaMetadata: { dataFormat: 'JSON', schemaId: '8' },
        },
      ]).records['orders-0'] ?? [];
    expect(first).toMatchObject({ timestamp: 5, timestampType: 'LOG_APPEND_TIME' });
    expect(first).not.toHaveProperty('valueSchemaMetadata');
    expect(second).toMatchObject({
      timestamp: Date.UTC(2026, 0, 1) + 1,
      timestampType: 'CREATE_TIME',
      valueSchemaMetadata: { dataFormat: 'AVRO', schemaId: '9' },
      keySchemaMetadata: { dataFormat: 'JSON', schemaId: '8' },
    });
  });

  it('throws for content without a JSON', () => {
    expect(() => kafkaEvent([{ value: () => 1 }])).toThrow(TypeError);
  });
});
