import { describe, expect, it } from 'vitest';
import type { WholeDeadLetter } from '../../lib/core/dead-letter/stored-dead-letter.ts';
import type { DeadLetterSink } from '../../lib/ports/dead-letter-sink.ts';
import { letter } from '../unit/dead-letter/letters.ts';

/** A sink of one test, with a way to see what it holds and ways to break it. */
export interface SinkUnderTest {
  readonly sink: DeadLetterSink;
  /** Everything that is stored durably, whole, in any order. */
  stored(): Promise<readonly WholeDeadLetter[]>;
  /** A sink onto the same storage that is down: nothing it is sent is stored. */
  readonly broken: DeadLetterSink;
  /** A sink that never answers. */
  readonly hanging: DeadLetterSink;
}

const call = { signal: new AbortController().signal };

/** What `lib/ports/dead-letter-sink.ts` promises, for every sink. */
export function deadLetterSinkContract(name: string, setUp: () => Promise<SinkUnderTest>): void {
  describe(`${name} as a dead-letter sink`, () => {
    it('holds a letter whole once send has resolved', async () => {
      const { sink, stored } = await setUp();
      const sent = letter({ value: 'AAEC', headers: [{ a: [255] }, { a: [0] }] });
      await sink.send(sent, call);
      const [only, ...others] = await stored();
      expect(others).toEqual([]);
      expect(only?.record).toEqual(sent.record);
      expect(only).toMatchObject({
        reason: sent.reason,
        attempts: sent.attempts,
        idempotencyKey: sent.idempotencyKey,
        clusterLabel: sent.clusterLabel,
        namespace: sent.namespace,
        deadLetteredAtMs: sent.deadLetteredAtMs,
        error: { name: 'Error', message: 'no such customer' },
      });
    });

    it('takes 25 letters at once', async () => {
      const { sink, stored } = await setUp();
      const offsets = Array.from({ length: 25 }, (_, offset) => offset);
      await Promise.all(offsets.map((offset) => sink.send(letter({ offset }), call)));
      const held = (await stored()).map(({ offset }) => offset);
      expect(held.toSorted((a, b) => a - b)).toEqual(offsets);
    });

    it('takes a letter twice', async () => {
      const { sink, stored } = await setUp();
      await sink.send(letter(), call);
      await sink.send(letter(), call);
      expect((await stored()).length).toBeGreaterThanOrEqual(1);
    });

    it.each([
      ['U+0000', 'a\u0000b'],
      ['control characters', '\u0001\u000b\u001f\u007f\u0085'],
      ['a lone surrogate', 'x\ud800y'],
      ['characters that are none', '\ufffe\uffff'],
      ['emoji', '\u{1f600}'],
    ])('takes an error text with %s, and gives it back', async (_, message) => {
      const { sink, stored } = await setUp();
      await sink.send(letter({}, { error: new Error(message) }), call);
      expect((await stored()).map(({ error }) => error.message)).toEqual([message]);
    });

    it('takes an error text of 10 MB, shortened', async () => {
      const { sink, stored } = await setUp();
      await sink.send(letter({}, { error: new Error('\u00fc'.repeat(10_000_000)) }), call);
      const [held] = await stored();
      expect(held?.error.message.startsWith('\u00fc'.repeat(1000))).toBe(true);
      expect(held?.error.message.length).toBeLessThan(1100);
    });

    it.each([
      ['a base64 that is none', { value: '!\ud800' }],
      ['a nested key', { key: { a: [1] } }],
      ['a header byte of 300', { headers: [{ a: [300] }] }],
      ['a tombstone', { value: null, headers: null, timestampMs: undefined, timestampType: undefined }],
    ])('takes a record with %s, and gives it back', async (_, record) => {
      const { sink, stored } = await setUp();
      await sink.send(letter(record), call);
      expect((await stored()).map((held) => held.record)).toEqual([letter(record).record]);
    });

    it.each([1, 100_000, 262_144, 700_000, 1_048_576, 6_000_000])('takes a value of %i bytes', async (bytes) => {
      const { sink, stored } = await setUp();
      const value = Buffer.alloc(bytes, 7).toString('base64');
      await sink.send(letter({ value }), call);
      const held = (await stored()).map(({ record }) => record.value === value);
      expect(held).toEqual([true]);
    });

    it('rejects while it is down', async () => {
      const { broken, stored } = await setUp();
      await expect(broken.send(letter(), call)).rejects.toThrow(/^orders-3@41: /);
      expect(await stored()).toEqual([]);
    });

    it('rejects a call whose signal was raised before', async () => {
      const { sink, stored } = await setUp();
      await expect(sink.send(letter(), { signal: AbortSignal.abort() })).rejects.toThrow(/^orders-3@41: /);
      expect(await stored()).toEqual([]);
    });

    it('rejects a call that has no answer when its signal is raised', async () => {
      const { hanging } = await setUp();
      const controller = new AbortController();
      const sent = hanging.send(letter(), { signal: controller.signal });
      controller.abort(new Error('the invocation is over'));
      await expect(sent).rejects.toThrow(/^orders-3@41: /);
    });

    it('says nothing of the contents in what it rejects with', async () => {
      const { broken } = await setUp();
      const secret = letter({ value: 'c2VjcmV0' }, { error: new Error('secret') });
      await expect(broken.send(secret, call)).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/secret|c2VjcmV0/) }),
      );
    });
  });
}
