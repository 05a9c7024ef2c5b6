import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import { onceLoaded } from '../once-loaded.ts';
import { checkSqsDeadLettersOptions, type SqsDeadLettersOptions } from './sqs-dead-letters-options.ts';

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
  // Loaded with the first letter: most cold starts never see one. One sink, because it gathers letters into requests.
  const load = onceLoaded(async () => {
    const { sendToQueue } = await import('./send-to-queue.ts');
    return sendToQueue(settings);
  });
  return {
    async send(letter, call) {
      const sink = await load();
      await sink.send(letter, call);
    },
  };
}
