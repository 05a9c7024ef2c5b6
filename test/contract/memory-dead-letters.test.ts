import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { parseDeadLetter } from '../../lib/core/dead-letter/parse-dead-letter.ts';
import type { WholeDeadLetter } from '../../lib/core/dead-letter/stored-dead-letter.ts';
import { letter } from '../unit/dead-letter/letters.ts';
import { deadLetterSinkContract } from './dead-letter-sink.contract.ts';

const call = { signal: new AbortController().signal };

deadLetterSinkContract('MemoryDeadLetters', async () => {
  const sink = new MemoryDeadLetters();
  const broken = new MemoryDeadLetters();
  broken.fault = 'refuse';
  const hanging = new MemoryDeadLetters();
  hanging.fault = 'hang';
  const stored = async (): Promise<readonly WholeDeadLetter[]> =>
    sink.bodies.map(parseDeadLetter).filter((held) => held.kind === 'whole');
  return { sink, broken, hanging, stored };
});

describe('MemoryDeadLetters', () => {
  it('holds the letters as they were sent', async () => {
    const sink = new MemoryDeadLetters();
    const sent = letter();
    await sink.send(sent, call);
    expect(sink.letters).toEqual([sent]);
    expect(sink.letters[0]).toBe(sent);
  });

  it('loses the answer of a letter that it stored', async () => {
    const sink = new MemoryDeadLetters();
    sink.fault = 'loseAnswer';
    await expect(sink.send(letter(), call)).rejects.toThrow('orders-3@41: dead letter not stored: the answer was lost');
    expect(sink.letters).toHaveLength(1);
  });

  it('works again without its fault', async () => {
    const sink = new MemoryDeadLetters();
    sink.fault = 'refuse';
    await expect(sink.send(letter(), call)).rejects.toThrow('refused');
    sink.fault = undefined;
    await sink.send(letter(), call);
    expect(sink.letters).toHaveLength(1);
  });
});
