import { describe, expect, it } from 'vitest';
import { judge, type Verdict } from '../../../lib/core/esm/answer.ts';

const delivered = new Map([
  ['orders-eu-0', new Set([7, 8, 9])],
  ['orders-eu-1', new Set([3])],
]);

function answer(payload: unknown): Verdict {
  return judge({ kind: 'returned', payload: JSON.stringify(payload) }, delivered, { reportsBatchItemFailures: true });
}

function failure(partition: unknown, offset: unknown): unknown {
  return { batchItemFailures: [{ itemIdentifier: { partition, offset } }] };
}

describe('an answer', () => {
  it.each([null, {}, { batchItemFailures: [] }, { batchItemFailures: null }])('%j is success', (payload) => {
    expect(answer(payload)).toEqual({ kind: 'done' });
  });

  it('names what failed', () => {
    const batchItemFailures = [
      { itemIdentifier: { partition: 'orders-eu-0', offset: 9 } },
      { itemIdentifier: { partition: 'orders-eu-0', offset: 8 } },
      { itemIdentifier: { partition: 'orders-eu-0', offset: 9 } },
      { itemIdentifier: { partition: 'orders-eu-1', offset: 3 } },
    ];
    expect(answer({ batchItemFailures })).toEqual({
      kind: 'partial',
      failures: new Map([
        ['orders-eu-0', new Set([9, 8])],
        ['orders-eu-1', new Set([3])],
      ]),
    });
  });

  it.each([
    ['an offset that is not in the event', failure('orders-eu-0', 6)],
    ['an offset of another topic-partition', failure('orders-eu-1', 7)],
    ['a topic-partition that is not in the event', failure('orders-0', 7)],
    ['a negative offset', { batchItemFailures: [{ itemIdentifier: { partition: 'orders-eu-0', offset: -1 } }] }],
  ])('with %s fails the whole batch', (_, payload) => {
    expect(answer(payload)).toMatchObject({ kind: 'failed', because: 'unknownIdentifier' });
  });

  it.each([
    ['a string offset', failure('orders-eu-0', '7'), 'batchItemFailures[0].itemIdentifier.offset is a string'],
    ['no offset', failure('orders-eu-0', undefined), '.offset is absent'],
    ['no partition', failure(undefined, 7), '.partition is absent'],
    ['a numeric partition', failure(0, 7), '.partition is a number'],
    ['an identifier that is a string', { batchItemFailures: [{ itemIdentifier: 'orders-eu-0@7' }] }, 'is a string'],
    ['an item that is null', { batchItemFailures: [null] }, 'is absent'],
    ['a list that is an object', { batchItemFailures: {} }, 'it must be a list'],
    ['another key', { batchItemFailure: [] }, 'batchItemFailures is absent'],
    ['a text', 'ok', 'the answer is a string'],
    ['a list', [], 'the answer is a list'],
    ['a number', 200, 'the answer is a number'],
  ])('with %s is malformed and fails the whole batch', (_, payload, detail) => {
    expect(answer(payload)).toEqual({
      kind: 'failed',
      because: 'malformedAnswer',
      detail: expect.stringContaining(detail),
    });
  });

  it('that is no JSON fails the whole batch', () => {
    const verdict = judge({ kind: 'returned', payload: '{' }, delivered, { reportsBatchItemFailures: true });
    expect(verdict).toMatchObject({ kind: 'failed', because: 'malformedAnswer' });
  });

  it('is not read where partial responses are off', () => {
    const payload = JSON.stringify(failure('orders-eu-0', 7));
    expect(judge({ kind: 'returned', payload }, delivered, { reportsBatchItemFailures: false })).toEqual({
      kind: 'done',
    });
  });
});

describe('an invocation without an answer', () => {
  it.each([true, false])('fails the whole batch by a function error (partial responses %s)', (reports) => {
    const result = { kind: 'functionError', errorType: 'Sandbox.Timedout', errorMessage: 'secret' } as const;
    expect(judge(result, delivered, { reportsBatchItemFailures: reports })).toEqual({
      kind: 'failed',
      because: 'functionError',
      detail: 'Sandbox.Timedout',
    });
  });

  it('says nothing of the batch when the function was not reached', () => {
    const result = { kind: 'notInvoked', reason: 'throttled' } as const;
    expect(judge(result, delivered, { reportsBatchItemFailures: true })).toEqual(result);
  });
});
