import { describe, expect, it } from 'vitest';
import { undoneReferences } from '../../../local/demo/undone-references.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const order = (offset: number, orderId: string | null) => ({
  ...{ topic: 'my-topic', partition: 3, offset },
  value: base64(JSON.stringify({ orderId, amountCents: 1 })),
});
const event = JSON.stringify({
  records: {
    'my-topic-3': [
      order(1, 'a'),
      order(2, null),
      order(3, 'c'),
      { topic: 'my-topic', partition: 3, offset: 4, value: null },
    ],
    'my-topic-4': [{ ...order(1, 'e'), partition: 4 }],
  },
});
const failures = (...places: [string, number][]): string =>
  JSON.stringify({
    batchItemFailures: places.map(([partition, offset]) => ({ itemIdentifier: { partition, offset } })),
  });

describe('undoneReferences', () => {
  it.each(['null', '{}', failures()])('are none for the answer %s', (answer) => {
    expect(undoneReferences(event, answer)).toEqual(new Set());
  });

  it('are the orders of the named records only; tombstones have none', () => {
    const answer = failures(['my-topic-3', 1], ['my-topic-3', 2], ['my-topic-3', 4], ['my-topic-5', 3]);
    expect(undoneReferences(event, answer)).toEqual(new Set(['a', 'my-topic-3@2']));
  });
});
