import { describe, expect, it } from 'vitest';
import type { EntryVerdict } from '../../../lib/adapters/sqs/batch-answer.ts';
import { type BatchSender, MessageBatcher, type QueueMessage } from '../../../lib/adapters/sqs/message-batcher.ts';

const never = new AbortController().signal;

/** A queue whose requests wait until the test answers them. */
class HeldQueue {
  readonly requests: { readonly bodies: readonly string[]; readonly signal: AbortSignal }[] = [];
  readonly #answers: (() => void)[] = [];
  #arrived: () => void = () => {};

  readonly send: BatchSender = (messages, signal) => {
    const verdicts = Promise.withResolvers<readonly EntryVerdict[]>();
    this.requests.push({ bodies: messages.map(({ body }) => body), signal });
    this.#answers.push(() => verdicts.resolve(messages.map(({ body }) => verdictOn(body))));
    this.#arrived();
    return verdicts.promise;
  };

  answer(request: number): void {
    this.#answers[request]?.();
  }

  async received(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

function verdictOn(body: string): EntryVerdict {
  return body.startsWith('bad') ? { stored: false, why: 'bad' } : { stored: true };
}

function message(body: string, bytes = 10): QueueMessage {
  return { body, attributes: {}, bytes };
}

function named(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `m${from + index}`);
}

describe('MessageBatcher', () => {
  it('puts the messages of one turn into requests of ten, in order', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const sent = named(25).map((body) => batcher.send(message(body), never));
    await queue.received(3);
    for (const request of [0, 1, 2]) queue.answer(request);
    expect(await Promise.all(sent)).toEqual(named(25).map(() => ({ stored: true })));
    expect(queue.requests.map(({ bodies }) => bodies)).toEqual([named(10), named(10, 10), named(5, 20)]);
  });

  it('gathers what comes while four requests are in flight', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const first = named(40).map((body) => batcher.send(message(body), never));
    await queue.received(4);
    const later = named(7, 40).map((body) => batcher.send(message(body), never));
    queue.answer(2);
    await queue.received(5);
    expect(queue.requests[4]?.bodies).toEqual(named(7, 40));
    for (const request of [0, 1, 3, 4]) queue.answer(request);
    expect(await Promise.all([...first, ...later])).toHaveLength(47);
  });

  it('keeps a request within 262,144 bytes, and sends a larger message alone', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const sizes = [200_000, 62_144, 1, 500_000, 100_000, 100_000];
    const sent = sizes.map((bytes, index) => batcher.send(message(`m${index}`, bytes), never));
    await queue.received(4);
    expect(queue.requests.map(({ bodies }) => bodies)).toEqual([['m0', 'm1'], ['m2'], ['m3'], ['m4', 'm5']]);
    for (const request of [0, 1, 2, 3]) queue.answer(request);
    await Promise.all(sent);
  });

  it('gives each message its own verdict', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const sent = ['good', 'bad', 'fine'].map((body) => batcher.send(message(body), never));
    await queue.received(1);
    queue.answer(0);
    expect(await Promise.all(sent)).toEqual([{ stored: true }, { stored: false, why: 'bad' }, { stored: true }]);
  });

  it.each([
    ['a rejection', () => Promise.reject(Object.assign(new Error('text'), { code: 'ECONNREFUSED' })), /ECONNREFUSED$/],
    ['an exception', () => raise(new TypeError('text')), /TypeError$/],
    ['something else thrown', () => Promise.reject('text'), /unknown failure$/],
    ['an answer that is too short', () => Promise.resolve([]), /no answer for it/],
  ] satisfies [string, BatchSender, RegExp][])('takes %s for not stored', async (_, send, why) => {
    const batcher = new MessageBatcher(send);
    const verdict = { stored: false, why: expect.stringMatching(why) };
    const sent = [batcher.send(message('a'), never), batcher.send(message('b'), never)];
    expect(await Promise.all(sent)).toEqual([expect.objectContaining(verdict), expect.objectContaining(verdict)]);
  });

  it('ends a request only when nobody waits for it any more', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const [one, two] = [new AbortController(), new AbortController()];
    const sent = [batcher.send(message('a'), one.signal), batcher.send(message('b'), two.signal)];
    await queue.received(1);
    one.abort();
    expect(await sent[0]).toMatchObject({ stored: false, why: 'the call was ended by its signal' });
    expect(queue.requests[0]?.signal.aborted).toBe(false);
    two.abort();
    expect(await sent[1]).toMatchObject({ stored: false });
    expect(queue.requests[0]?.signal.aborted).toBe(true);
  });

  it('does not send what was given up while it waited, and goes on with the rest', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const inFlight = named(40).map((body) => batcher.send(message(body), never));
    await queue.received(4);
    const controller = new AbortController();
    const givenUp = batcher.send(message('given up'), controller.signal);
    const kept = batcher.send(message('kept'), never);
    controller.abort();
    expect(await givenUp).toMatchObject({ stored: false });
    queue.answer(0);
    await queue.received(5);
    expect(queue.requests[4]?.bodies).toEqual(['kept']);
    for (const request of [1, 2, 3, 4]) queue.answer(request);
    await Promise.all([...inFlight, kept]);
  });

  it('is not held up by requests that were given up and never answer', async () => {
    const queue = new HeldQueue();
    const batcher = new MessageBatcher(queue.send);
    const controller = new AbortController();
    const stuck = named(40).map((body) => batcher.send(message(body), controller.signal));
    await queue.received(4);
    controller.abort();
    expect((await Promise.all(stuck)).every(({ stored }) => !stored)).toBe(true);
    const next = batcher.send(message('next'), never);
    await queue.received(5);
    queue.answer(4);
    expect(await next).toEqual({ stored: true });
  });
});

function raise(error: Error): never {
  throw error;
}
