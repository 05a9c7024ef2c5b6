import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { parseDeadLetter } from '../../lib/core/dead-letter/parse-dead-letter.ts';
import type { WholeDeadLetter } from '../../lib/core/dead-letter/stored-dead-letter.ts';
import { freshBucket, freshQueue, s3Client, sqsClient } from '../support/fresh.ts';

/** Queues and buckets on the real servers of the test run, one pair for each test. */
export class DeadLetterBox {
  readonly client: SQSClient = sqsClient();
  readonly s3Client: S3Client = s3Client();

  async make(): Promise<{ readonly queueUrl: string; readonly bucket: string }> {
    const [queueUrl, bucket] = await Promise.all([freshQueue(), freshBucket()]);
    return { queueUrl, bucket };
  }

  /** Takes every message out of the queue. */
  async messages(queueUrl: string): Promise<readonly StoredMessage[]> {
    const taken: StoredMessage[] = [];
    for (;;) {
      const { Messages: messages = [] } = await this.client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      if (messages.length === 0) return taken;
      for (const { Body: body = '', MessageAttributes: attributes = {}, ReceiptHandle } of messages) {
        const texts = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue] as const);
        taken.push({ body, attributes: Object.fromEntries(texts) });
        await this.client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    }
  }

  /** Takes every letter out of the queue, whole: a pointer is followed. */
  async letters(queueUrl: string): Promise<readonly WholeDeadLetter[]> {
    const messages = await this.messages(queueUrl);
    return await Promise.all(messages.map(async ({ body }) => await this.#whole(body)));
  }

  async #whole(body: string): Promise<WholeDeadLetter> {
    const letter = parseDeadLetter(body);
    if (letter.kind === 'whole') return letter;
    const { bucket, key } = letter.storedIn;
    const { Body: object } = await this.s3Client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const whole = parseDeadLetter((await object?.transformToString()) ?? '');
    if (whole.kind !== 'whole') throw new Error(`${key}: the object is a pointer itself`);
    return whole;
  }

  async objectKeys(bucket: string): Promise<readonly string[]> {
    const { Contents: objects = [] } = await this.s3Client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return objects.map(({ Key: key = '' }) => key);
  }

  close(): void {
    this.client.destroy();
    this.s3Client.destroy();
  }
}

/** A message as the queue held it. */
export interface StoredMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
}
