import { describe, expect, it } from 'vitest';
import { objectKey } from '../../../lib/adapters/sqs/object-key.ts';
import { queueMessage } from '../../../lib/adapters/sqs/queue-message.ts';
import { sqsDeadLetters } from '../../../lib/adapters/sqs/sqs-dead-letters.ts';
import { checkSqsDeadLettersOptions } from '../../../lib/adapters/sqs/sqs-dead-letters-options.ts';
import { letter } from './letters.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/letters';

describe('the options of sqsDeadLetters', () => {
  it('have defaults', () => {
    const plain = { bucket: undefined, prefix: '', maxMessageBytes: 1_048_576, client: undefined, s3Client: undefined };
    expect(checkSqsDeadLettersOptions({ queueUrl })).toEqual({ ...plain, queueUrl });
    const large = { ...plain, queueUrl, bucket: 'big', maxMessageBytes: 262_144 };
    expect(checkSqsDeadLettersOptions({ queueUrl, largeRecords: { bucket: 'big' } })).toEqual(large);
  });

  it.each([
    ['no object', 'options', null],
    ['no queue', 'queueUrl', {}],
    ['an environment variable that is not set', 'queueUrl', { queueUrl: undefined }],
    ['the name of a queue', 'queueUrl', { queueUrl: 'letters' }],
    ['the ARN of a queue', 'queueUrl', { queueUrl: 'arn:aws:sqs:eu-west-1:123456789012:letters' }],
    ['a FIFO queue', 'queueUrl', { queueUrl: `${queueUrl}.fifo` }],
    ['a mistyped option', 'queueURL', { queueUrl, queueURL: queueUrl }],
    ['a bucket in the wrong place', 'bucket', { queueUrl, bucket: 'big' }],
    ['large records that are a name', 'largeRecords', { queueUrl, largeRecords: 'big' }],
    ['large records without a bucket', 'largeRecords.bucket', { queueUrl, largeRecords: {} }],
    ['an empty bucket', 'largeRecords.bucket', { queueUrl, largeRecords: { bucket: '' } }],
    ['a prefix that is none', 'largeRecords.prefix', { queueUrl, largeRecords: { bucket: 'big', prefix: 7 } }],
    ['a mistyped prefix', 'largeRecords.prefx', { queueUrl, largeRecords: { bucket: 'big', prefx: 'a/' } }],
    ['a limit over that of SQS', 'maxMessageBytes', { queueUrl, maxMessageBytes: 1_048_577 }],
    ['a limit that no pointer fits in', 'maxMessageBytes', { queueUrl, maxMessageBytes: 1024 }],
    ['a limit that is a text', 'maxMessageBytes', { queueUrl, maxMessageBytes: '262144' }],
    ['a client that is none', 'client', { queueUrl, client: {} }],
    ['an S3 client that is none', 's3Client', { queueUrl, s3Client: 'eu-west-1' }],
  ])('refuse %s', (_, property, options) => {
    expect(() => Reflect.apply(checkSqsDeadLettersOptions, undefined, [options])).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', property }),
    );
  });
});

it('says whose options are missing', () => {
  expect(() => Reflect.apply(sqsDeadLetters, undefined, [])).toThrow(
    'options: sqsDeadLetters needs an object with queueUrl, ',
  );
});

describe('the object key of a large letter', () => {
  it('is the same for the same record', () => {
    const key = objectKey(letter(), 'dead/');
    expect(key).toMatch(/^dead\/main\/billing\/orders\/3\/41-[0-9a-f]{16}\.json$/);
    expect(objectKey(letter({}, { attempts: 9, deadLetteredAtMs: 1, error: 'other' }), 'dead/')).toBe(key);
  });

  it.each([
    ['partition', letter({ partition: 4 })],
    ['offset', letter({ offset: 42 })],
    ['timestamp', letter({ timestampMs: 1 })],
    ['contents', letter({ value: 'AAAA' })],
    ['namespace', letter({}, { namespace: 'bill_ng' })],
  ])('is another one for another %s', (_, other) => {
    expect(objectKey(other, '')).not.toBe(objectKey(letter(), ''));
  });

  it('keeps apart labels that look the same in it, and stays short', () => {
    const keys = ['a/b', 'a_b', 'a\ud800b', ''].map((clusterLabel) => objectKey(letter({}, { clusterLabel }), ''));
    expect(new Set(keys).size).toBe(4);
    const long = objectKey(letter({ topic: 't'.repeat(249) }, { namespace: 'n'.repeat(5000) }), 'p'.repeat(256));
    expect(long.length).toBeLessThan(1024);
  });
});

describe('the message of a letter', () => {
  it('counts its attributes as SQS does', () => {
    const { attributes, bytes } = queueMessage(letter(), 'body');
    expect(attributes).toEqual({ reason: 'unprocessable', topic: 'orders' });
    expect(bytes).toBe('body'.length + 'reasonStringunprocessable'.length + 'topicStringorders'.length);
  });

  it.each(['', 'a\u0000b', 'a'.repeat(250)])('leaves out a topic that SQS might refuse', (topic) => {
    expect(queueMessage(letter({ topic }), 'body').attributes).toEqual({ reason: 'unprocessable' });
  });
});
