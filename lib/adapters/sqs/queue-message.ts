import type { DeadLetter } from '../../ports/dead-letter-sink.ts';
import type { QueueMessage } from './message-batcher.ts';

/** The message of a letter; the body is ASCII, so that characters are bytes. */
export function queueMessage(letter: DeadLetter, body: string): QueueMessage {
  const { topic } = letter.record;
  // SQS refuses an empty attribute and some characters; no real topic has them, and the body names the topic anyway.
  const attributes = { reason: letter.reason, ...(/^[A-Za-z0-9._-]{1,249}$/.test(topic) ? { topic } : {}) };
  const attributeBytes =
    Object.entries(attributes).flat().join('').length + Object.keys(attributes).length * 'String'.length;
  return { body, attributes, bytes: body.length + attributeBytes };
}
