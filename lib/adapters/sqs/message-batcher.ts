import type { EntryVerdict } from './batch-answer.ts';
import { failureName } from './failure-name.ts';
import { formerSqsLimitBytes } from './sqs-dead-letters-options.ts';
import { untilAborted } from './until-aborted.ts';

/** One message for the queue. */
export interface QueueMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As SQS counts them: body and attributes. */
  readonly bytes: number;
}

/** Sends messages in one request; one verdict for each, in order. A rejection concerns them all. */
export type BatchSender = (messages: readonly QueueMessage[], signal: AbortSignal) => Promise<readonly EntryVerdict[]>;

interface Waiting {
  readonly message: QueueMessage;
  readonly settle: (verdict: EntryVerdict) => void;
  /** Tells the request in flight, if any, that this message no longer waits for it. */
  abandon: () => void;
}

const maxEntries = 10;
/** A batch stays within what SQS took before 2025, as other servers still have it; one larger message goes alone. */
const maxBatchBytes = formerSqsLimitBytes;
/** So that one request without an answer does not hold up all others. */
const maxRequests = 4;

/**
 * Gathers messages into batch requests: those of one turn of the event loop, and while all requests are in flight, those
 * that come meanwhile. No message waits for others to come.
 */
export class MessageBatcher {
  readonly #send: BatchSender;
  #waiting: Waiting[] = [];
  #requests = 0;
  #scheduled = false;

  constructor(send: BatchSender) {
    this.#send = send;
  }

  /** Never rejects. Answers at once when `signal` is raised; a request ends when nobody waits for it any more. */
  async send(message: QueueMessage, signal: AbortSignal): Promise<EntryVerdict> {
    const ended = (): EntryVerdict => ({
      stored: false,
      why: 'the call was ended by its signal',
      cause: signal.reason,
    });
    if (signal.aborted) return ended();
    return await new Promise<EntryVerdict>((settle) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        waiting.abandon();
        settle(ended());
      };
      const waiting: Waiting = {
        message,
        abandon: () => {},
        settle: (verdict) => {
          signal.removeEventListener('abort', onAbort);
          settle(verdict);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#requests < maxRequests && this.#waiting.length > 0) void this.#request(this.#takeBatch());
  }

  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    const beyond = this.#waiting.findIndex(({ message }, index) => {
      bytes += message.bytes;
      return index > 0 && (index >= maxEntries || bytes > maxBatchBytes);
    });
    return this.#waiting.splice(0, beyond < 0 ? this.#waiting.length : beyond);
  }

  async #request(batch: readonly Waiting[]): Promise<void> {
    this.#requests += 1;
    const controller = new AbortController();
    let waitedFor = batch.length;
    for (const waiting of batch) {
      waiting.abandon = () => {
        waitedFor -= 1;
        if (waitedFor === 0) controller.abort();
      };
    }
    const verdicts = await this.#verdicts(batch, controller.signal);
    this.#requests -= 1;
    batch.forEach(({ settle }, index) => {
      settle(verdicts[index] ?? { stored: false, why: 'there is no answer for it' });
    });
    this.#start();
  }

  async #verdicts(batch: readonly Waiting[], signal: AbortSignal): Promise<readonly EntryVerdict[]> {
    try {
      const messages = batch.map(({ message }) => message);
      return await untilAborted(this.#send(messages, signal), signal);
    } catch (cause) {
      return batch.map(() => ({ stored: false, why: `the request failed: ${failureName(cause)}`, cause }));
    }
  }
}
