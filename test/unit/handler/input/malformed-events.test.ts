import { describe, expect, it } from 'vitest';
import { MalformedEventError } from '../../../../lib/core/errors/errors.ts';
import { base64, lambdaEvent } from '../../../support/handler-bench.ts';
import { PlainRun } from './plain-run.ts';

const good = {
  topic: 'orders',
  partition: 0,
  offset: 0,
  timestamp: 1_700_000_000_000,
  timestampType: 'CREATE_TIME',
  value: base64('{}'),
  headers: [],
};

const without = (property: string): object =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== property));

/** Beside the malformed part there is always a good record, which must not be handled either. */
const malformed: readonly (readonly [what: string, event: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', '{"records":{}}'],
  ['a number', 7],
  ['an array', [lambdaEvent([{ offset: 0 }])]],
  ['an empty object', {}],
  ['an SQS event', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
  ['a Kinesis event', { Records: [{ eventSource: 'aws:kinesis', kinesis: {} }] }],
  ['an MQ event with records', { eventSource: 'aws:mq', ...lambdaEvent([{ offset: 0 }]) }],
  ['an API Gateway request', { version: '2.0', routeKey: '$default', body: '{}' }],
  ['records that are null', { eventSource: 'aws:kafka', records: null }],
  ['records that are a list', { eventSource: 'aws:kafka', records: [good] }],
  ['records that are a text', { eventSource: 'aws:kafka', records: 'orders-0' }],
  ['no topic-partition', { eventSource: 'aws:kafka', records: {} }],
  ['a topic-partition without records', { records: { 'orders-0': [] } }],
  ['a topic-partition that is no list', { records: { 'orders-0': good, 'orders-1': [{ ...good, partition: 1 }] } }],
  ['a name that is no topic-partition', { records: { orders: [good] } }],
  ['a name with a space', { records: { 'my orders-0': [{ ...good, topic: 'my orders' }] } }],
  ['a record that is null', { records: { 'orders-0': [good, null] } }],
  ['a record that is a text', { records: { 'orders-0': [good, 'record'] } }],
  ['a record without topic', { records: { 'orders-0': [good, { ...without('topic'), offset: 1 }] } }],
  ['a record without partition', { records: { 'orders-0': [good, { ...without('partition'), offset: 1 }] } }],
  ['a record without offset', { records: { 'orders-0': [good, without('offset')] } }],
  ['a record of another topic', { records: { 'orders-0': [good, { ...good, offset: 1, topic: 'payments' }] } }],
  ['a record of another partition', { records: { 'orders-0': [good, { ...good, offset: 1, partition: 1 }] } }],
  ['an offset that is a text', { records: { 'orders-0': [good, { ...good, offset: '1' }] } }],
  ['a negative offset', { records: { 'orders-0': [good, { ...good, offset: -1 }] } }],
  ['an offset with a fraction', { records: { 'orders-0': [good, { ...good, offset: 1.5 }] } }],
  ['an offset beyond 2^53', { records: { 'orders-0': [good, { ...good, offset: 2 ** 53 }] } }],
  ['a negative partition', { records: { 'orders-0': [good], 'orders--1': [{ ...good, partition: -1 }] } }],
  ['the same coordinates twice', { records: { 'orders-0': [good, good] } }],
];

describe('an event that is no Kafka event', () => {
  it.each(malformed)('%s: rejected as malformed, nothing handled, nothing written', async (_, event) => {
    const handled: unknown[] = [];
    const run = new PlainRun({
      handle: (record) => handled.push(record),
      failureReporting: { report: ['orders', 'payments', 'my orders'] },
    });
    const ended = await run.invoke(event);
    expect(ended).toEqual({ threw: expect.any(MalformedEventError) });
    expect(handled).toEqual([]);
    expect(run.store.keys()).toEqual([]);
    expect(run.store.count('insert').calls).toBe(0);
    expect(run.clock.pending).toBe(0);
  });

  it('says that the offset was rounded, and where', async () => {
    const run = new PlainRun({ handle: () => undefined });
    const event: unknown = JSON.parse(
      JSON.stringify(lambdaEvent([{ offset: 1 }])).replace('"offset":1', '"offset":9007199254740993'),
    );
    const ended = await run.invoke(event);
    expect(ended).toEqual({
      threw: expect.objectContaining({ message: expect.stringMatching(/orders-0.*beyond 2\^53/) }),
    });
  });

  it('never repeats what the event holds', async () => {
    const run = new PlainRun({ handle: () => undefined });
    const secret = 'secret-content';
    for (const event of [
      secret,
      [secret],
      { records: { [secret]: [secret] } },
      { records: { 'orders-0': [{ ...good, topic: `${secret} ${secret}` }] } },
      { records: { 'orders-0': [{ ...good, offset: secret }] } },
      { eventSource: secret, records: secret },
    ]) {
      const ended = await run.invoke(event);
      expect('threw' in ended && ended.threw).toBeInstanceOf(MalformedEventError);
      expect('threw' in ended && String(ended.threw)).not.toContain(secret);
    }
  });
});

describe('an event that looks odd but is one', () => {
  it.each([
    ['a topic name with - and .', 'eu-west.orders-1'],
    ['a topic name that ends like a partition', 'orders-12'],
    ['the longest topic name', 't'.repeat(249)],
    ['a topic called __proto__', '__proto__'],
  ])('%s is handled, and reported by that name', async (_, topic) => {
    const handled: string[] = [];
    const run = new PlainRun({
      handle: (record) => {
        handled.push(`${record.topic}/${record.partition}/${record.offset}`);
        throw new Error('not now');
      },
      failureReporting: { report: [topic] },
    });
    const ended = await run.invoke(lambdaEvent([{ topic, partition: 3, offset: 5 }]));
    expect(handled).toEqual([`${topic}/3/5`]);
    expect(ended).toEqual({
      answered: { batchItemFailures: [{ itemIdentifier: { partition: `${topic}-3`, offset: 5 } }] },
    });
  });

  it('the last offset that is exact is handled and reported as it is', async () => {
    const run = new PlainRun({
      handle: () => {
        throw new Error('not now');
      },
      failureReporting: { report: ['orders'] },
    });
    const ended = await run.invoke(lambdaEvent([{ offset: Number.MAX_SAFE_INTEGER }]));
    expect(ended).toEqual({
      answered: {
        batchItemFailures: [{ itemIdentifier: { partition: 'orders-0', offset: 9_007_199_254_740_991 } }],
      },
    });
  });

  it('has no eventSource, as batches delivered again have been seen', async () => {
    const run = new PlainRun({ handle: () => undefined });
    expect(await run.invoke({ records: lambdaEvent([{ offset: 1 }]).records })).toEqual({
      answered: { batchItemFailures: [] },
    });
  });

  it('has a record without timestamp, key or headers', async () => {
    const seen: unknown[] = [];
    const run = new PlainRun({ handle: (record) => seen.push(record) });
    const ended = await run.invoke({ records: { 'orders-0': [{ topic: 'orders', partition: 0, offset: 1 }] } });
    expect(ended).toEqual({ answered: { batchItemFailures: [] } });
    expect(seen).toEqual([
      expect.objectContaining({
        key: null,
        value: null,
        headers: [],
        timestampMs: undefined,
        timestampType: undefined,
      }),
    ]);
  });
});
