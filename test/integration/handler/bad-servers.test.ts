import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/dynamodb-store.ts';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { sqsDeadLetters } from '../../../lib/adapters/sqs/sqs-dead-letters.ts';
import { parseDeadLetter } from '../../../lib/core/dead-letter/parse-dead-letter.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import type { ClaimOptions } from '../../../lib/handler/handler-options.ts';
import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import type { Observation } from '../../../lib/ports/observer.ts';
import {
  dynamodbClient,
  freshBucket,
  freshName,
  freshQueue,
  freshTable,
  s3Client,
  sqsClient,
} from '../../support/fresh.ts';
import { at, type BenchRecord, lambdaEvent } from '../../support/handler-bench.ts';
import { type Fate, lossyProxy, type SeenRequest } from '../../support/lossy-proxy.ts';

// The whole handler over the real store and the real queue, with the system's clock: only the servers are bad.

const observers = dynamodbClient();
const queues = sqsClient();
afterAll(() => {
  observers.destroy();
  queues.destroy();
});

/** Starts a handler that writes down its effects; `deliver` invokes it with so much time. */
function subject(options: Partial<ClaimOptions> & Pick<ClaimOptions, 'store'>) {
  const effects: string[] = [];
  const observations: Observation[] = [];
  const { handle, ...others } = options;
  const handler = kafkaHandler({
    namespace: freshName('bad-servers'),
    failureReporting: { report: ['orders'] },
    leaseMs: 500,
    clockSkewMs: 0,
    rememberedCompletions: 0,
    observer: { observe: (observation) => observations.push(observation), log: () => undefined },
    ...others,
    handle: async (record, context) => {
      effects.push(at(record));
      return await handle?.(record, context);
    },
  });
  const deliver = async (records: readonly BenchRecord[], remainingMs: number = 20_000): Promise<string[]> => {
    const deadlineMs = Date.now() + remainingMs;
    const answer = await handler(lambdaEvent(records), { getRemainingTimeInMillis: () => deadlineMs - Date.now() });
    return answer.batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`);
  };
  const told = (type: Observation['type']): string[] =>
    observations.filter((one) => one.type === type).map((one) => JSON.stringify(one));
  return { deliver, effects, told };
}

/** Two partitions of three records. */
const records: readonly BenchRecord[] = [0, 1].flatMap((partition) =>
  [1, 2, 3].map((offset) => ({ partition, offset, id: `${partition}/${offset}` })),
);
const places = records.map((record) => at({ topic: 'orders', partition: 0, ...record }));

const throttled: Fate = {
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' },
};

async function markersIn(table: string): Promise<(string | undefined)[]> {
  const { Items = [] } = await observers.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.map((item) => item.status?.S);
}

/** The bodies of all messages that are in a queue. */
async function lettersIn(QueueUrl: string): Promise<ReturnType<typeof parseDeadLetter>[]> {
  const letters: ReturnType<typeof parseDeadLetter>[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
    const { Messages = [] } = await queues.send(command);
    if (Messages.length === 0) return letters;
    letters.push(...Messages.map((message) => parseDeadLetter(message.Body ?? '')));
  }
}

describe('a store that is set up wrongly', () => {
  const refused = { accessKeyId: 'not-alphanumeric', secretAccessKey: 'x' };
  const setUps: readonly (readonly [what: string, detail: RegExp, store: () => Promise<ReturnType<typeof storeOn>>])[] =
    [
      ['a table that does not exist', /no such table/, async () => storeOn('no-such-table', {})],
      [
        'credentials that are refused',
        /valid AWS credentials/,
        async () => storeOn('orders', { credentials: refused }),
      ],
      [
        'credentials that cannot be had',
        /valid AWS credentials/,
        async () =>
          storeOn('orders', {
            credentials: async () => {
              throw Object.assign(new Error('none here'), { name: 'CredentialsProviderError' });
            },
          }),
      ],
      [
        'a table whose key has another name',
        /key is not a single string/,
        async () => storeOn(await freshTable('pk'), {}),
      ],
    ];

  function storeOn(tableName: string, overrides: Parameters<typeof dynamodbClient>[0]) {
    const client = dynamodbClient(overrides);
    return { store: dynamoDbStore({ tableName, client }), client };
  }

  it.each(setUps)(
    '%s: nothing is handled, everything is reported at once, and it is said why',
    async (_, detail, make) => {
      for (const onStoreFailure of ['fail', 'handleUnprotected'] as const) {
        const { store, client } = await make();
        const { deliver, effects, told } = subject({ store, onStoreFailure });
        // With hours left: an outage would be waited out, this is not.
        expect(await deliver(records, 3_600_000)).toEqual(places);
        expect(effects).toEqual([]);
        expect(told('storeFailed').join()).toMatch(detail);
        expect(told('handledUnprotected')).toEqual([]);
        expect(told('recordEnded').filter((line) => line.includes('"failed"'))).toHaveLength(2);
        client.destroy();
      }
    },
  );
});

describe('a store that fails for a time', () => {
  /** A handler whose way to DynamoDB can be disturbed. */
  async function disturbed(options: Partial<ClaimOptions> = {}) {
    const proxy = await lossyProxy(inject('dynamodbEndpoint'));
    const table = await freshTable();
    const client = dynamodbClient({ endpoint: proxy.url, maxAttempts: 2 });
    return {
      ...subject({ ...options, store: dynamoDbStore({ tableName: table, client }) }),
      proxy,
      table,
      async [Symbol.asyncDispose]() {
        client.destroy();
        await proxy[Symbol.asyncDispose]();
      },
    };
  }

  const first =
    (count: number, fate: Fate) =>
    (_request: SeenRequest, index: number): Fate =>
      index < count ? fate : 'pass';

  it.each([
    ['throttling', throttled],
    ['server errors', { status: 500, body: { __type: 'InternalServerError', message: 'sorry' } }],
    ['connections that are cut before', 'cutBefore'],
    ['answers that are lost', 'cutAfter'],
    ['answers that are no JSON', { status: 200, body: '<html>' }],
    ['empty answers', { status: 200, body: {} }],
  ] as const)('%s: waited out, then each record is handled once', async (_, fate) => {
    await using subjectOf = await disturbed();
    const { deliver, effects, proxy, table } = subjectOf;
    proxy.decide = first(5, fate);
    for (let deliveries = 0; deliveries < 5; deliveries += 1) if ((await deliver(records)).length === 0) break;
    expect(await deliver(records)).toEqual([]);
    expect([...effects].sort()).toEqual([...places].sort());
    expect(await markersIn(table)).toEqual(places.map(() => 'COMPLETED'));
  });

  it.each([
    ['throttling', throttled],
    ['cut connections', 'cutBefore'],
    ['silence', 'never'],
  ] as const)(
    '%s to the end: nothing is handled and everything reported; afterwards each is handled once',
    async (_, fate) => {
      await using subjectOf = await disturbed();
      const { deliver, effects, proxy, told } = subjectOf;
      proxy.decide = () => fate;
      expect(await deliver(records, 2_500)).toEqual(places);
      expect(effects).toEqual([]);
      expect(told('storeFailed').length).toBeGreaterThan(0);
      proxy.decide = undefined;
      expect(await deliver(records)).toEqual([]);
      expect([...effects].sort()).toEqual([...places].sort());
    },
  );

  it('throttling to the end under handleUnprotected: handled, and said so', async () => {
    await using subjectOf = await disturbed({ onStoreFailure: 'handleUnprotected' });
    const { deliver, effects, proxy, told } = subjectOf;
    proxy.decide = () => throttled;
    expect(await deliver(records, 3_000)).toEqual([]);
    expect([...effects].sort()).toEqual([...places].sort());
    expect(told('handledUnprotected')).toHaveLength(places.length);
  });

  it('completions that are throttled for a time: confirmed at last, and nothing is handled twice', async () => {
    await using subjectOf = await disturbed();
    const { deliver, effects, proxy, table } = subjectOf;
    let refusals = 8;
    proxy.decide = ({ body }) => {
      if (!JSON.stringify(body).includes('COMPLETED') || refusals === 0) return 'pass';
      refusals -= 1;
      return throttled;
    };
    expect(await deliver(records)).toEqual([]);
    expect(refusals).toBe(0);
    expect(await deliver(records)).toEqual([]);
    expect(effects).toHaveLength(places.length);
    expect(await markersIn(table)).toEqual(places.map(() => 'COMPLETED'));
  });

  it('completions whose answers are all lost: the records are found completed, none is handled twice', async () => {
    await using subjectOf = await disturbed();
    const { deliver, effects, proxy, table } = subjectOf;
    proxy.decide = ({ body }) => (JSON.stringify(body).includes('COMPLETED') ? 'cutAfter' : 'pass');
    await deliver(records, 3_000);
    proxy.decide = undefined;
    expect(await deliver(records)).toEqual([]);
    expect([...effects].sort()).toEqual([...places].sort());
    expect(await markersIn(table)).toEqual(places.map(() => 'COMPLETED'));
  });

  it('a marker that nobody can read: nothing is handled over it', async () => {
    await using subjectOf = await disturbed();
    const { deliver, effects, table } = subjectOf;
    expect(await deliver(records.slice(0, 1))).toEqual([]);
    const { Items: [item = {}] = [] } = await observers.send(new ScanCommand({ TableName: table }));
    const strange = { id: item.id ?? { S: '' }, status: { S: 'PERHAPS' }, expiration: { S: 'soon' } };
    await observers.send(new PutItemCommand({ TableName: table, Item: strange }));
    expect(await deliver(records.slice(0, 1), 2_500)).toEqual(['orders-0@1']);
    expect(effects).toHaveLength(1);
    const { Item } = await observers.send(new GetItemCommand({ TableName: table, Key: { id: strange.id } }));
    expect(Item).toEqual(strange);
  });
});

describe('a dead-letter queue that is down', () => {
  /** The second record of each partition is given up on. */
  const handle: ClaimOptions['handle'] = (record) => {
    if (record.offset === 2) throw new UnprocessableRecordError('no use');
  };
  const held = ['orders-0@2', 'orders-0@3', 'orders-1@2', 'orders-1@3'];

  it.each([
    ['it refuses connections', 'cutBefore'],
    ['its answers are lost', 'cutAfter'],
    ['it fails', { status: 500, body: { __type: 'InternalError' } }],
    ['it throttles', { status: 400, body: { __type: 'RequestThrottled', message: 'slow down' } }],
    ['it denies access', { status: 403, body: { __type: 'AccessDenied', message: 'no' } }],
    ['it does not exist', { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'none' } }],
    ['it answers nonsense', { status: 200, body: '<html>' }],
    ['it confirms nothing', { status: 200, body: {} }],
  ] as const)('%s: the records are failed and reported; once it is back they are in it', async (_, fate) => {
    await using proxy = await lossyProxy(inject('sqsEndpoint'));
    const queueUrl = await freshQueue();
    const client = sqsClient({ endpoint: proxy.url, maxAttempts: 1 });
    const table = await freshTable();
    const store = dynamoDbStore({ tableName: table, client: observers });
    const { deliver, effects, told } = subject({ store, handle, deadLetters: sqsDeadLetters({ queueUrl, client }) });
    proxy.decide = () => fate;
    expect(await deliver(records)).toEqual(held);
    expect(told('deadLetterFailed')).toHaveLength(2);
    expect(effects.filter((place) => place.endsWith('@1'))).toHaveLength(2);
    proxy.decide = undefined;
    expect(await deliver(records)).toEqual([]);
    // A letter may be there twice, where only the answer was lost; it is never missing.
    const letters = await lettersIn(queueUrl);
    const inQueue = letters.map((letter) => at(letter));
    expect(new Set(inQueue)).toEqual(new Set(['orders-0@2', 'orders-1@2']));
    if (fate !== 'cutAfter') expect(inQueue).toHaveLength(2);
    expect(await deliver(records)).toEqual([]);
    expect(effects.filter((place) => !place.endsWith('@2'))).toHaveLength(4);
    client.destroy();
  });

  it('it never answers: the invocation ends in time, and the records are reported', async () => {
    await using proxy = await lossyProxy(inject('sqsEndpoint'));
    const client = sqsClient({ endpoint: proxy.url, maxAttempts: 1 });
    const deadLetters = sqsDeadLetters({ queueUrl: await freshQueue(), client });
    const { deliver, told } = subject({ store: new MemoryStore(), handle, deadLetters });
    proxy.decide = () => 'never';
    expect(await deliver(records, 2_000)).toEqual(held);
    expect(told('deadLetterFailed')).toHaveLength(2);
    client.destroy();
  });

  it('a letter too large for it, and no bucket: failed and reported; with one it is stored', async () => {
    const queueUrl = await freshQueue();
    const store = new MemoryStore();
    const large = [{ offset: 2, id: 1, payload: 'x'.repeat(1_200_000) }];
    const without = subject({ store, handle, deadLetters: sqsDeadLetters({ queueUrl, client: queues }) });
    expect(await without.deliver(large)).toEqual(['orders-0@2']);
    const s3 = s3Client();
    const noBucket = { bucket: freshName('no-such-bucket') };
    const missing = sqsDeadLetters({ queueUrl, client: queues, s3Client: s3, largeRecords: noBucket });
    expect(await subject({ store, handle, deadLetters: missing }).deliver(large)).toEqual(['orders-0@2']);
    const largeRecords = { bucket: await freshBucket() };
    const whole = sqsDeadLetters({ queueUrl, client: queues, s3Client: s3, largeRecords });
    expect(await subject({ store, handle, deadLetters: whole }).deliver(large)).toEqual([]);
    expect((await lettersIn(queueUrl)).map((letter) => letter.kind)).toEqual(['pointer']);
    s3.destroy();
  });

  it('error texts that no queue accepts reach it as they can be read', async () => {
    const queueUrl = await freshQueue();
    const texts = ['\u0000\u0008\u001f', 'half \ud800 pair', '\ufffe\uffff', 'Größe 注文 🧾', 'x'.repeat(3_000_000)];
    const { deliver } = subject({
      store: new MemoryStore(),
      ordering: 'none',
      deadLetters: sqsDeadLetters({ queueUrl, client: queues }),
      handle: (record) => {
        throw new UnprocessableRecordError(texts[record.offset]);
      },
    });
    expect(await deliver(texts.map((_, offset) => ({ offset, id: offset })))).toEqual([]);
    const letters = await lettersIn(queueUrl);
    const messages = letters.sort((a, b) => a.offset - b.offset).map((letter) => letter.error.message);
    expect(messages.slice(0, 4)).toEqual(texts.slice(0, 4));
    expect(messages[4]).toMatch(/^x{1000} \[cut off, 3000000 characters in all\]$/);
  });
});
