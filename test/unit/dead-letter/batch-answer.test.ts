import { describe, expect, it } from 'vitest';
import { batchAnswer } from '../../../lib/adapters/sqs/batch-answer.ts';

const stored = { stored: true };
const unconfirmed = { stored: false, why: 'the answer of the queue does not confirm it' };

describe('the answer to SendMessageBatch', () => {
  it('confirms and refuses entry by entry, in any order', () => {
    const answer = {
      Successful: [
        { Id: '2', MessageId: 'x' },
        { Id: '0', MessageId: 'y' },
      ],
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    };
    const refused = { stored: false, why: 'the queue refused it: InternalError' };
    expect(batchAnswer(answer, 3)).toEqual([stored, refused, stored]);
  });

  it.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a text', '<html>'],
    ['lists that are none', { Successful: 'all', Failed: {} }],
    ['entries that are none', { Successful: [null, '0', 7] }],
    ['another id', { Successful: [{ Id: '1', MessageId: 'x' }] }],
    ['an id that is a number', { Successful: [{ Id: 0, MessageId: 'x' }] }],
    ['an entry without a message id', { Successful: [{ Id: '0' }] }],
    ['an empty message id', { Successful: [{ Id: '0', MessageId: '' }] }],
  ])('confirms nothing where it is %s', (_, answer) => {
    expect(batchAnswer(answer, 1)).toEqual([unconfirmed]);
  });

  it('does not believe an entry that both succeeded and failed', () => {
    const answer = { Successful: [{ Id: '0', MessageId: 'x' }], Failed: [{ Id: '0' }] };
    expect(batchAnswer(answer, 1)).toEqual([{ stored: false, why: 'the queue refused it: no code given' }]);
  });
});
