import { formatCoordinates } from '../../core/coordinates.ts';
import { deadLetterBody } from '../../core/dead-letter/dead-letter-body.ts';
import { DeadLetterNotStoredError } from '../../core/dead-letter/dead-letter-error.ts';
import type { DeadLetter, DeadLetterSink } from '../../ports/dead-letter-sink.ts';

/**
 * How a sink fails.
 *
 * - `refuse`: nothing is stored, the call is rejected.
 * - `loseAnswer`: the letter is stored, yet the call is rejected.
 * - `hang`: nothing is stored, and there is no answer until `signal` ends the call.
 */
export type DeadLetterFault = 'refuse' | 'loseAnswer' | 'hang';

/** A dead-letter sink for tests: keeps letters in memory, in the order of arrival, and fails on demand. */
export class MemoryDeadLetters implements DeadLetterSink {
  /** How the next calls fail; undefined (default): they do not. */
  fault: DeadLetterFault | undefined = undefined;
  readonly #letters: DeadLetter[] = [];
  readonly #bodies: string[] = [];

  /** Every letter that was stored, as it was sent; the one object also where it was sent twice. */
  get letters(): readonly DeadLetter[] {
    return this.#letters;
  }

  /** The JSON of each letter, as a queue would hold it: `parseDeadLetter` reads it. */
  get bodies(): readonly string[] {
    return this.#bodies;
  }

  async send(letter: DeadLetter, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const fault = this.fault;
    if (fault === 'hang') await aborted(signal);
    if (signal.aborted) throw notStored(letter, 'the call was ended by its signal', signal.reason);
    if (fault === 'refuse') throw notStored(letter, 'refused by the fault switch');
    this.#letters.push(letter);
    this.#bodies.push(deadLetterBody(letter));
    if (fault === 'loseAnswer') throw notStored(letter, 'the answer was lost by the fault switch');
  }
}

function notStored(letter: DeadLetter, why: string, cause?: unknown): DeadLetterNotStoredError {
  return new DeadLetterNotStoredError(`${formatCoordinates(letter.record)}: dead letter not stored: ${why}`, { cause });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
