import { describe, expect, it } from 'vitest';
import { type EventShape, eventJson, eventRecord, type PolledRecord } from '../../../lib/core/esm/event.ts';

const msk: EventShape = {
  source: { eventSource: 'aws:kafka', eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/c/1' },
  bootstrapServers: 'b-1:9098,b-2:9098',
};

const record: PolledRecord = {
  topic: 'orders-eu',
  partition: 3,
  offset: 41,
  timestampMs: 1_790_000_000_123,
  timestampType: 'CREATE_TIME',
  key: Buffer.from('k'),
  value: Buffer.from('{"orderId":"ö"}'),
  headers: [
    { name: 'trace', value: Uint8Array.of(0, 127, 128, 255) },
    { name: 'trace', value: Uint8Array.of() },
    { name: '__proto__', value: Uint8Array.of(1) },
  ],
};

function event(records: readonly PolledRecord[], shape: EventShape, delivery: 'first' | 'again' = 'first'): unknown {
  return JSON.parse(eventJson(new Map([['orders-eu-3', records.map((r) => eventRecord(r, shape))]]), shape, delivery));
}

describe('the Lambda event', () => {
  it('of MSK has ARN and servers, base64 and signed header bytes in order with repeats', () => {
    expect(event([record], msk)).toEqual({
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/c/1',
      bootstrapServers: 'b-1:9098,b-2:9098',
      records: {
        'orders-eu-3': [
          {
            topic: 'orders-eu',
            partition: 3,
            offset: 41,
            timestamp: 1_790_000_000_123,
            timestampType: 'CREATE_TIME',
            key: 'aw==',
            value: 'eyJvcmRlcklkIjoiw7YifQ==',
            headers: [{ trace: [0, 127, -128, -1] }, { trace: [] }, JSON.parse('{"__proto__":[1]}')],
          },
        ],
      },
    });
  });

  it('of a self-managed cluster has no ARN', () => {
    const shape: EventShape = { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'h:9092' };
    expect(event([], shape)).toEqual({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'h:9092',
      records: { 'orders-eu-3': [] },
    });
  });

  it('leaves out the value of a tombstone and an absent key, or has them as null', () => {
    const tombstone: PolledRecord = { ...record, key: null, value: null, headers: [] };
    expect(eventRecord(tombstone, msk).json).not.toMatch(/"(key|value)"/);
    expect(eventRecord(tombstone, { ...msk, absentKey: 'null', absentValue: 'null' }).json).toContain(
      '"key":null,"value":null',
    );
  });

  it('keeps an empty key and an empty value apart from absent ones', () => {
    const empty = { ...record, key: Uint8Array.of(), value: Uint8Array.of() };
    expect(eventRecord(empty, msk).json).toContain('"key":"","value":""');
  });

  it('of a redelivery may consist of records alone', () => {
    const shape: EventShape = { ...msk, redelivery: 'records' };
    expect(event([record], shape)).toHaveProperty('eventSource');
    expect(Object.keys(JSON.parse(eventJson(new Map(), shape, 'again')))).toEqual(['records']);
    expect(Object.keys(JSON.parse(eventJson(new Map(), msk, 'again')))).toHaveLength(4);
  });

  it('encodes a view into a larger buffer by its own bytes', () => {
    const view = new Uint8Array(Buffer.from('xxkxx').buffer.slice(0), 0).subarray(2, 3);
    expect(JSON.parse(eventRecord({ ...record, key: view }, msk).json).key).toBe(Buffer.from(view).toString('base64'));
  });
});
