import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatCoordinates } from '../../../lib/core/coordinates.ts';
import { MalformedEventError } from '../../../lib/core/errors/errors.ts';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../events/${name}`, import.meta.url), 'utf8'));
}

function record(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { topic: 'orders', partition: 0, offset: 1, timestamp: 1000, timestampType: 'CREATE_TIME', ...over };
}

function coordinatesOf(event: unknown): readonly string[] {
  return receiveEvent(event).map(formatCoordinates);
}

function refusal(event: unknown): string {
  try {
    receiveEvent(event);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedEventError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('The event was not refused');
}

describe('receiveEvent', () => {
  it('takes events of MSK and of self-managed Kafka, in their order', () => {
    expect(coordinatesOf(fixture('msk.json'))).toEqual(['orders-0@15', 'orders-0@16', 'orders-11@3']);
    expect(coordinatesOf(fixture('self-managed.json'))).toEqual(['shop.orders-eu-west-2@0']);
  });

  it('takes a batch that was delivered again with nothing but its records', () => {
    expect(coordinatesOf(fixture('records-only.json'))).toEqual(['orders-0@15']);
  });

  it('reads an absent, null or empty key and an absent or null value as null', () => {
    const received = receiveEvent(fixture('tombstones.json'));
    expect(received.map(({ value }) => value === null)).toEqual([true, true, false, false, false]);
    expect(received.map(({ key }) => key === null)).toEqual([false, false, true, true, true]);
    expect(received.map(({ headers }) => headers)).toEqual([[], null, null, null, null]);
  });

  it('keeps an empty value, which is no tombstone', () => {
    expect(receiveEvent({ records: { 'orders-0': [record({ value: '' })] } })[0]?.value).toBe('');
  });

  it('reads what a schema registry said, a number as ID included', () => {
    const [received] = receiveEvent(fixture('schema-registry.json'));
    expect(received?.keySchemaMetadata).toEqual({ dataFormat: 'AVRO', schemaId: '12' });
    expect(received?.valueSchemaMetadata?.dataFormat).toBe('PROTOBUF');
    const odd = record({
      keySchemaMetadata: { dataFormat: 'JSON', schemaId: 5 },
      valueSchemaMetadata: { dataFormat: 7, schemaId: 'x' },
    });
    const [other] = receiveEvent({ records: { 'orders-0': [odd] } });
    expect(other?.keySchemaMetadata).toEqual({ dataFormat: 'JSON', schemaId: '5' });
    expect(other?.valueSchemaMetadata).toBeUndefined();
  });

  it('keeps the time 0, which is one', () => {
    const [received] = receiveEvent({ records: { 'orders-0': [record({ timestamp: 0, offset: -0 })] } });
    expect(received).toMatchObject({ timestampMs: 0, offset: 0 });
  });

  it.each([['1000'], [-1], [1.5], [null], [Number.NaN], [{}]])('reads the odd timestamp %j as none', (timestamp) => {
    const [received] = receiveEvent({ records: { 'orders-0': [record({ timestamp, timestampType: 'NEVER' })] } });
    expect(received?.timestampMs).toBeUndefined();
    expect(received?.timestampType).toBeUndefined();
  });

  it('leaves malformed contents to the decoding of their record', () => {
    const odd = record({ key: 5, value: ['no'], headers: 'none' });
    expect(receiveEvent({ records: { 'orders-0': [odd] } })[0]).toMatchObject({
      key: 5,
      value: ['no'],
      headers: 'none',
    });
  });

  it('takes topics that are named like parts of JavaScript', () => {
    const event: unknown = JSON.parse(
      '{"records":{"__proto__-0":[{"topic":"__proto__","partition":0,"offset":0}],' +
        '"constructor-1":[{"topic":"constructor","partition":1,"offset":0}]}}',
    );
    expect(coordinatesOf(event)).toEqual(['__proto__-0@0', 'constructor-1@0']);
  });

  it('takes an empty group beside others', () => {
    expect(coordinatesOf({ records: { 'orders-1': [], 'orders-0': [record()] } })).toEqual(['orders-0@1']);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'records'],
    ['a number', 5],
    ['an array', []],
    ['an empty object', {}],
    ['records that are null', { records: null }],
    ['records that are an array', { records: [record()] }],
    ['records that are a text', { records: 'orders-0' }],
    ['no record', { records: {} }],
    ['only empty groups', { records: { 'orders-0': [] } }],
    ['a group that is no array', { records: { 'orders-0': { 0: record() } } }],
    ['a group without a partition', { records: { orders: [record()] } }],
    ['a group that is only a partition', { records: { '-0': [record({ topic: '' })] } }],
    ['the group __proto__', JSON.parse('{"records":{"__proto__":[]}}')],
    ['a record that is null', { records: { 'orders-0': [null] } }],
    ['a record that is an array', { records: { 'orders-0': [[]] } }],
    ['no topic', { records: { 'orders-0': [record({ topic: undefined })] } }],
    ['a topic that is a number', { records: { '5-0': [record({ topic: 5 })] } }],
    ['a topic that Kafka forbids', { records: { 'orders-0': [record({ topic: 'or/ders' })] } }],
    ['no partition', { records: { 'orders-0': [record({ partition: undefined })] } }],
    ['a partition that is a text', { records: { 'orders-0': [record({ partition: '0' })] } }],
    ['a negative partition', { records: { 'orders--1': [record({ partition: -1 })] } }],
    ['half a partition', { records: { 'orders-0': [record({ partition: 0.5 })] } }],
    ['no offset', { records: { 'orders-0': [record({ offset: undefined })] } }],
    ['an offset that is a text', { records: { 'orders-0': [record({ offset: '1' })] } }],
    ['a negative offset', { records: { 'orders-0': [record({ offset: -1 })] } }],
    ['half an offset', { records: { 'orders-0': [record({ offset: 1.5 })] } }],
    ['an endless offset', JSON.parse('{"records":{"orders-0":[{"topic":"orders","partition":0,"offset":1e999}]}}')],
    ['a record of another partition', { records: { 'orders-1': [record()] } }],
    ['a record of another topic', { records: { 'payments-0': [record()] } }],
    ['a group with a padded partition', { records: { 'orders-00': [record()] } }],
    ['one record twice', { records: { 'orders-0': [record(), record()] } }],
  ])('refuses %s', (_what, event) => {
    expect(() => receiveEvent(event)).toThrow(MalformedEventError);
  });

  it('never takes a malformed event for an empty batch, nor its good part for the whole', () => {
    expect(() => receiveEvent({ records: { 'orders-0': [record(), record({ offset: null })] } })).toThrow(
      'records["orders-0"][1] has no valid offset',
    );
  });

  it('refuses an offset that JSON has rounded, naming the topic-partition', () => {
    const text = '{"records":{"orders-0":[{"topic":"orders","partition":0,"offset":9007199254740993}]}}';
    expect(refusal(JSON.parse(text))).toContain('an offset of orders-0 is beyond 2^53 - 1');
    expect(coordinatesOf({ records: { 'orders-0': [record({ offset: 2 ** 53 - 1 })] } })).toHaveLength(1);
  });

  it('says which other service an event comes from', () => {
    expect(refusal(fixture('sqs.json'))).toContain('aws:sqs');
    expect(refusal({ Records: [{ EventSource: 'aws:sns' }] })).toContain('aws:sns');
    expect(refusal({ eventSource: 'aws:mq', messages: [] })).toContain('aws:mq');
    expect(refusal({ eventSource: 'aws:sqs', records: { 'orders-0': [record()] } })).toContain('aws:sqs');
  });

  it('judges by the records where the source is unknown', () => {
    expect(coordinatesOf({ eventSource: 'ACopyOfKafka', records: { 'orders-0': [record()] } })).toHaveLength(1);
  });

  it('does not repeat contents', () => {
    const secret = 'anna@example.com';
    const events = [
      { eventSource: secret, records: secret },
      { eventSource: `aws:${secret}`, records: null },
      { records: { [secret]: [] } },
      { records: { 'orders-0': [secret] } },
      { records: { 'orders-0': [record({ topic: secret })] } },
      { records: { 'orders-0': [record({ offset: secret, value: secret })] } },
      { records: { 'orders-0': [record({ partition: secret })] } },
    ];
    for (const event of events) expect(refusal(event)).not.toContain('anna');
  });
});
