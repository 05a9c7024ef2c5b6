import type { SQSClient } from '@aws-sdk/client-sqs';
import { onceLoaded } from '../once-loaded.ts';
import { defaultSqsClient, notLoaded } from './aws-clients.ts';
import { batchAnswer, type EntryVerdict } from './batch-answer.ts';
import { failureName } from './failure-name.ts';
import type { BatchSender, QueueMessage } from './message-batcher.ts';

const sqsPackage = onceLoaded(async () => {
  try {
    return await import('@aws-sdk/client-sqs');
  } catch (cause) {
    throw notLoaded('@aws-sdk/client-sqs', cause);
  }
});

/** Sends batches to a queue. A batch that is refused whole for what one message is, is sent again one by one. */
export function queueSender(queueUrl: string, given: SQSClient | undefined): BatchSender {
  let client = given;

  async function sendBatch(messages: readonly QueueMessage[], signal: AbortSignal): Promise<readonly EntryVerdict[]> {
    const sqs = await sqsPackage();
    client ??= defaultSqsClient(sqs);
    const Entries = messages.map(({ body, attributes }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }));
    const command = new sqs.SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    return batchAnswer(await client.send(command, { abortSignal: signal }), messages.length);
  }

  async function sendAlone(message: QueueMessage, signal: AbortSignal): Promise<EntryVerdict> {
    try {
      const [verdict] = await sendBatch([message], signal);
      return verdict ?? { stored: false, why: 'there is no answer for it' };
    } catch (cause) {
      return { stored: false, why: `the request failed: ${failureName(cause)}`, cause };
    }
  }

  return async (messages, signal) => {
    try {
      return await sendBatch(messages, signal);
    } catch (failure) {
      if (messages.length === 1 || !isAboutTheMessages(failure)) throw failure;
      return await Promise.all(messages.map((message) => sendAlone(message, signal)));
    }
  };
}

/** A refusal of the request as it was written (too long, wrong characters), which may be the fault of one message. */
function isAboutTheMessages(failure: unknown): boolean {
  if (!(failure instanceof Error) || failure.name === 'QueueDoesNotExist' || !('$metadata' in failure)) return false;
  const { $metadata: metadata } = failure;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return false;
  return metadata.httpStatusCode === 400 || metadata.httpStatusCode === 413;
}
