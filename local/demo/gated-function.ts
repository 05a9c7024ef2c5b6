import type { FunctionInvoker, InvocationResult } from '../../lib/local/index.ts';
import { Waiters } from './waiters.ts';

/**
 * A function behind a gate: while it is shut, new invocations wait before it, so that a moment can be had at which
 * nothing runs.
 */
export class GatedFunction implements FunctionInvoker {
  readonly timeoutSeconds: number;
  readonly #inner: FunctionInvoker;
  readonly #onReturned: (event: string, answer: string) => Promise<void>;
  readonly #opened = new Waiters();
  readonly #becameIdle = new Waiters();
  #isShut = false;
  #isEnded = false;
  #running = 0;
  #errors = 0;

  /** `onReturned` is told of an answer and awaited before the answer goes on, so nothing is delivered again meanwhile. */
  constructor(inner: FunctionInvoker, onReturned: (event: string, answer: string) => Promise<void>) {
    this.#inner = inner;
    this.#onReturned = onReturned;
    this.timeoutSeconds = inner.timeoutSeconds;
  }

  /** Invocations under way behind the gate. */
  get running(): number {
    return this.#running;
  }

  /** Invocations that ended in an error so far. */
  get errors(): number {
    return this.#errors;
  }

  async invoke(payload: string): Promise<InvocationResult> {
    while (this.#isShut && !this.#isEnded) await this.#opened.next();
    if (this.#isEnded) return { kind: 'notInvoked', reason: 'the demo is over' };
    this.#running += 1;
    try {
      const result = await this.#inner.invoke(payload);
      if (result.kind === 'functionError') this.#errors += 1;
      if (result.kind === 'returned') await this.#onReturned(payload, result.payload);
      return result;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#becameIdle.wake();
    }
  }

  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    this.#isShut = false;
    this.#opened.wake();
  }

  /** Resolves when nothing runs behind the gate. */
  async idle(): Promise<void> {
    while (this.#running > 0) await this.#becameIdle.next();
  }

  /** Lets nothing in any more, and lets what waits know. */
  end(): void {
    this.#isEnded = true;
    this.#opened.wake();
  }
}
