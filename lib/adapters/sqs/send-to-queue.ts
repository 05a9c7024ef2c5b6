import { formatCoordinates } from '../../core/coordinates.ts';
import { deadLetterBody, deadLetterPointerBody } from '../../core/dead-letter/dead-letter-body.ts';
import { DeadLetterNotStoredError } from '../../core/dead-letter/dead-letter-error.ts';
import type { DeadLetter, DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { EntryVerdict } from './batch-answer.ts';
import { failureName } from './failure-name.ts';
import { type LargeLetterStore, largeLetters } from './large-letters.ts';
import { MessageBatcher } from './message-batcher.ts';
import { objectKey } from './object-key.ts';
import { queueMessage } from './queue-message.ts';
import { queueSender } from './queue-sender.ts';
import type { SqsDeadLettersSettings } from './sqs-dead-letters-options.ts';

/** Sends dead letters to a queue, and large ones to a bucket: what `sqsDeadLetters` promises. */
export function sendToQueue(settings: SqsDeadLettersSettings): DeadLetterSink {
  const batcher = new MessageBatcher(queueSender(settings.queueUrl, settings.client));
  const storeLarge = largeLetters(settings.s3Client);
  return {
    async send(letter, { signal }) {
      const verdict = await store(letter, { settings, batcher, storeLarge, signal });
      if (verdict.stored) return;
      const message = `${formatCoordinates(letter.record)}: dead letter not stored: ${verdict.why}`;
      throw new DeadLetterNotStoredError(message, { cause: verdict.cause });
    },
  };
}

interface Means {
  readonly settings: SqsDeadLettersSettings;
  readonly batcher: MessageBatcher;
  readonly storeLarge: LargeLetterStore;
  readonly signal: AbortSignal;
}

async function store(letter: DeadLetter, { settings, batcher, storeLarge, signal }: Means): Promise<EntryVerdict> {
  const { queueUrl, bucket, prefix, maxMessageBytes } = settings;
  const queue = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
  const body = deadLetterBody(letter);
  const whole = queueMessage(letter, body);
  if (whole.bytes <= maxMessageBytes) return inQueue(queue, await batcher.send(whole, signal));
  if (bucket === undefined) return tooLarge(whole.bytes, maxMessageBytes, 'give largeRecords: { bucket }');

  const storedIn = { bucket, key: objectKey(letter, prefix) };
  const pointer = queueMessage(letter, deadLetterPointerBody(letter, storedIn));
  if (pointer.bytes > maxMessageBytes) return tooLarge(pointer.bytes, maxMessageBytes, 'shorten namespace or label');
  try {
    await storeLarge(storedIn, body, signal);
  } catch (cause) {
    const why = signal.aborted ? 'the call was ended by its signal' : failureName(cause);
    return { stored: false, why: `bucket ${bucket}: ${why}`, cause };
  }
  return inQueue(queue, await batcher.send(pointer, signal));
}

function inQueue(queue: string, verdict: EntryVerdict): EntryVerdict {
  return verdict.stored ? verdict : { ...verdict, why: `queue ${queue}: ${verdict.why}` };
}

function tooLarge(bytes: number, maxMessageBytes: number, remedy: string): EntryVerdict {
  return { stored: false, why: `it has ${bytes} bytes, more than maxMessageBytes (${maxMessageBytes}): ${remedy}` };
}
