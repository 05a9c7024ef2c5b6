import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, describe, expect, inject, it, vi } from 'vitest';
import { queueSender } from '../../lib/adapters/sqs/queue-sender.ts';
import { sqsDeadLetters } from '../../lib/adapters/sqs/sqs-dead-letters.ts';
import { s3Client, sqsClient } from '../support/fresh.ts';
import { letter } from '../unit/dead-letter/letters.ts';
import { deadLetterSinkContract } from './dead-letter-sink.contract.ts';
import { DeadLetterBox } from './sqs-dead-letters.box.ts';
import { closedPort, FaultyServer } from './sqs-dead-letters.faults.ts';

const call = { signal: new AbortController().signal };
const value = Buffer.alloc(1_000_000, 7).toString('base64');

const box = new DeadLetterBox();
const servers: FaultyServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => box.close());

deadLetterSinkContract('sqsDeadLetters', async () => {
  const { queueUrl, bucket } = await box.make();
  const { client } = box;
  const largeRecords = { bucket };
  const silent = await faulty('neverAnswers');
  return {
    sink: sqsDeadLetters({ queueUrl, largeRecords, client, s3Client: box.s3Client }),
    broken: sqsDeadLetters({ queueUrl, client: impatient(await closedPort()) }),
    hanging: sqsDeadLetters({ queueUrl, client: sqsClient({ endpoint: silent.endpoint }) }),
    stored: () => box.letters(queueUrl),
  };
});

describe('sqsDeadLetters', () => {
  it('sends 25 letters in 3 requests', async () => {
    const { queueUrl } = await box.make();
    const client = sqsClient();
    const send = vi.spyOn(client, 'send');
    const sink = sqsDeadLetters({ queueUrl, client });
    await Promise.all(Array.from({ length: 25 }, (_, offset) => sink.send(letter({ offset }), call)));
    expect(send.mock.calls.map(([command]) => command instanceof SendMessageBatchCommand)).toEqual([true, true, true]);
  });

  it('puts a large letter into the bucket first, and a pointer into the queue', async () => {
    const { queueUrl, bucket } = await box.make();
    const { client } = box;
    const sink = sqsDeadLetters({
      queueUrl,
      largeRecords: { bucket, prefix: 'dead/' },
      client,
      s3Client: box.s3Client,
    });
    await sink.send(letter({ value }), call);
    await sink.send(letter({ value }), call);
    const messages = await box.messages(queueUrl);
    const pointer = { topic: 'orders', offset: 41, reason: 'unprocessable', storedIn: { bucket } };
    expect(messages.map(({ body }) => JSON.parse(body))).toMatchObject([pointer, pointer]);
    expect(messages[0]?.attributes).toEqual({ reason: 'unprocessable', topic: 'orders' });
    expect(await box.objectKeys(bucket)).toEqual([
      expect.stringMatching(/^dead\/main\/billing\/orders\/3\/41-[0-9a-f]{16}\.json$/),
    ]);
  });

  it('refuses a large letter without a bucket, and says what to do', async () => {
    const { queueUrl } = await box.make();
    const sink = sqsDeadLetters({ queueUrl, client: box.client });
    await expect(sink.send(letter({ value }), call)).rejects.toThrow(
      /^orders-3@41: dead letter not stored: it has \d+ bytes, more than maxMessageBytes \(1048576\): give largeRecords/,
    );
    expect(await box.messages(queueUrl)).toEqual([]);
  });

  it('puts no pointer into the queue where the bucket failed', async () => {
    const { queueUrl } = await box.make();
    const { client } = box;
    const sink = sqsDeadLetters({
      queueUrl,
      largeRecords: { bucket: 'no-such-bucket' },
      client,
      s3Client: box.s3Client,
    });
    await expect(sink.send(letter({ value }), call)).rejects.toThrow('bucket no-such-bucket: NoSuchBucket');
    expect(await box.messages(queueUrl)).toEqual([]);
  });

  it('rejects a large letter when its signal is raised while the bucket does not answer', async () => {
    const { queueUrl, bucket } = await box.make();
    const silent = await faulty('neverAnswers');
    const silentClient = s3Client({ endpoint: silent.endpoint });
    const sink = sqsDeadLetters({ queueUrl, largeRecords: { bucket }, client: box.client, s3Client: silentClient });
    const controller = new AbortController();
    const sent = sink.send(letter({ value }), { signal: controller.signal });
    await silent.connected;
    controller.abort();
    await expect(sent).rejects.toThrow('the call was ended by its signal');
    expect(await box.messages(queueUrl)).toEqual([]);
  });

  it('does not take an answer without an ETag for a stored object', async () => {
    const { queueUrl, bucket } = await box.make();
    const empty = await faulty({ status: 200, body: () => '' });
    const emptyClient = s3Client({ endpoint: empty.endpoint });
    await expect(
      emptyClient.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'b' })),
    ).resolves.toBeDefined();
    const sink = sqsDeadLetters({ queueUrl, largeRecords: { bucket }, client: box.client, s3Client: emptyClient });
    await expect(sink.send(letter({ value }), call)).rejects.toThrow('UnconfirmedObjectError');
    expect(await box.messages(queueUrl)).toEqual([]);
  });

  it('names a queue that does not exist', async () => {
    const { queueUrl } = await box.make();
    const sink = sqsDeadLetters({ queueUrl: `${queueUrl}-gone`, client: box.client });
    const sent = [sink.send(letter(), call), sink.send(letter({ offset: 42 }), call)];
    await expect(sent[0]).rejects.toThrow(/^orders-3@41: .*-gone: the request failed: QueueDoesNotExist$/);
    await expect(sent[1]).rejects.toThrow(/^orders-3@42: /);
  });

  it('names a port where nothing listens', async () => {
    const { queueUrl } = await box.make();
    const sink = sqsDeadLetters({ queueUrl, client: impatient(await closedPort()) });
    await expect(sink.send(letter(), call)).rejects.toThrow(/the request failed: ECONNREFUSED$/);
  });

  it('gives up a queue that accepts connections and never answers', async () => {
    const { queueUrl } = await box.make();
    const silent = await faulty('neverAnswers');
    const sink = sqsDeadLetters({ queueUrl, client: impatient(silent.endpoint) });
    await expect(sink.send(letter(), call)).rejects.toThrow(/the request failed: ETIMEDOUT$/);
  });

  it.each([
    ['an empty object', { status: 200, body: () => '{}' }, 'does not confirm'],
    ['no body', { status: 200, body: () => '' }, 'does not confirm'],
    ['a web page', { status: 200, body: () => '<html>welcome</html>' }, 'the request failed: SyntaxError'],
    ['another list', { status: 200, body: () => '{"Successful":[{"Id":"9","MessageId":"x"}]}' }, 'does not confirm'],
    ['a wrong checksum', { status: 200, body: () => success(['0'], 'abc') }, 'the request failed: Error'],
    ['a refusal', { status: 403, body: () => '{"__type":"AccessDenied"}' }, 'the request failed: AccessDenied'],
    ['a server error', { status: 500, body: () => 'oops' }, 'the request failed'],
  ])('takes an answer that is %s for not stored', async (_, answer, why) => {
    const { queueUrl } = await box.make();
    const server = await faulty(answer);
    const sink = sqsDeadLetters({ queueUrl, client: impatient(server.endpoint) });
    await expect(sink.send(letter(), call)).rejects.toThrow(why);
  });

  it('fails only the letter that the answer refuses or leaves out', async () => {
    const { queueUrl } = await box.make();
    const body = (): string => `{"Successful":[{"Id":"0","MessageId":"x"}],"Failed":[{"Id":"1","Code":"Busy"}]}`;
    const server = await faulty({ status: 200, body });
    const client = sqsClient({ endpoint: server.endpoint, md5: false });
    const sink = sqsDeadLetters({ queueUrl, client });
    const sent = [0, 1, 2].map((offset) => sink.send(letter({ offset }), call));
    expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(sent[1]).rejects.toThrow('the queue refused it: Busy');
  });

  it('sends a batch that the queue refuses whole again one by one', async () => {
    const { queueUrl } = await box.make();
    const messages = ['a', 'b'.repeat(1_048_577), 'c'].map((body) => ({ body, attributes: {}, bytes: body.length }));
    const verdicts = await queueSender(queueUrl, box.client)(messages, call.signal);
    expect(verdicts.map(({ stored }) => stored)).toEqual([true, false, true]);
    expect((await box.messages(queueUrl)).map(({ body }) => body).toSorted()).toEqual(['a', 'c']);
  });

  it('makes its own clients from the environment', async () => {
    const { queueUrl, bucket } = await box.make();
    for (const [name, text] of Object.entries(inject('partsEnv'))) vi.stubEnv(name, text);
    const sink = sqsDeadLetters({ queueUrl, largeRecords: { bucket } });
    await Promise.all([sink.send(letter({ offset: 1 }), call), sink.send(letter({ offset: 2, value }), call)]);
    const offsets = (await box.letters(queueUrl)).map(({ offset }) => offset);
    expect(offsets.toSorted()).toEqual([1, 2]);
  });
});

async function faulty(behaviour: ConstructorParameters<typeof FaultyServer>[0]): Promise<FaultyServer> {
  const server = await new FaultyServer(behaviour).listening();
  servers.push(server);
  return server;
}

/** A client that gives up soon, where the test waits for that. */
function impatient(endpoint: string): SQSClient {
  const requestHandler = { connectionTimeout: 200, requestTimeout: 200, throwOnRequestTimeout: true };
  return sqsClient({ endpoint, maxAttempts: 1, requestHandler });
}

function success(ids: readonly string[], MD5OfMessageBody: string): string {
  return JSON.stringify({ Successful: ids.map((Id) => ({ Id, MessageId: 'x', MD5OfMessageBody })) });
}
