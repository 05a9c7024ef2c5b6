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
import {
  checkSqsDeadLettersOptions,
  type SqsDeadLettersOptions,
  type SqsDeadLettersSettings,
} from './sqs-dead-letters-options.ts';

/**
 * Keeps dead letters in an SQS queue, and those that are too large for it in S3 with a pointer in the queue.
 *
 * A letter is one message, the JSON that `docs/dead-letters.md` describes, with the message attributes `reason` and
 * `topic`. Letters sent at the same time share requests of up to ten. A large letter is first stored whole as an object
 * (at the same key when it is sent again), then as a pointer: everything but key, value and headers.
 *
 * Needs the package `@aws-sdk/client-sqs`, for large letters `@aws-sdk/client-s3` too, loaded when first used. `send`
 * rejects with a `DeadLetterNotStoredError` unless the queue has confirmed the message.
 *
 * @throws {ConfigurationError} for an option that is unknown, mistyped or out of range, and for a FIFO queue.
 */
export function sqsDeadLetters(options: SqsDeadLettersOptions): DeadLetterSink {
  const settings = checkSqsDeadLettersOptions(options);
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
