import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Coordinates } from '../../lib/core/coordinates.ts';
import { parseDeadLetter } from '../../lib/core/dead-letter/parse-dead-letter.ts';

/** What the audit takes from a dead letter. */
export interface FoundLetter extends Coordinates {
  readonly timestampMs: number | undefined;
  readonly reason: string;
}

/** The queue of dead letters as the audit sees it. */
export class DeadLetterQueue {
  readonly #client: SQSClient;
  readonly url: string;

  private constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.url = url;
  }

  static async create(client: SQSClient, name: string): Promise<DeadLetterQueue> {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name }));
    if (QueueUrl === undefined) throw new Error('SQS made a queue without a URL');
    return new DeadLetterQueue(client, QueueUrl);
  }

  async drop(): Promise<void> {
    await this.#client.send(new DeleteQueueCommand({ QueueUrl: this.url }));
  }

  /** Takes all letters out of the queue. */
  async takeAll(): Promise<readonly FoundLetter[]> {
    const letters: FoundLetter[] = [];
    for (;;) {
      const receive = new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      const { Messages = [] } = await this.#client.send(receive);
      if (Messages.length === 0) return letters;
      for (const { Body = '' } of Messages) {
        const { topic, partition, offset, timestampMs, reason } = parseDeadLetter(Body);
        letters.push({ topic, partition, offset, timestampMs, reason });
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }
}
