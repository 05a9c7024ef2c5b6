import { describe, expect, it } from 'vitest';
import { type Books, expectedBooks } from '../../../../local/demo/order-ledger/books.ts';
import { type LedgerAccount, ledgerAccount, ledgerBroken } from '../../../../local/demo/order-ledger/ledger-account.ts';
import type { Step } from '../../../../local/demo/order-ledger/step.ts';
import type { StoredRecord } from '../../../../local/demo/topic.ts';

type Found = StoredRecord<Step | undefined>;

const place = (offset: number) => ({ topic: 'ledger', partition: 0, offset, timestampMs: 0 });
const letter = (offset: number) => ({ ...place(offset), reason: 'unprocessable' });

function topic(...steps: (readonly [orderId: string, status: Step['status'], amountCents: number] | undefined)[]) {
  return steps.map((step, offset): Found => {
    const what = step && { orderId: step[0], accountId: 'a', status: step[1], amountCents: step[2] };
    return { ...place(offset), what };
  });
}

const records = topic(
  ['x', 'PAID', 100],
  ['x', 'PLACED', 100],
  ['y', 'PLACED', 7],
  ['x', 'PLACED', 100],
  ['x', 'PAID', 100],
  ['x', 'CANCELLED', 100],
  ['x', 'PAID', 100],
  undefined,
);
const right: Books = {
  orders: new Map([
    ['x', { accountId: 'a', amountCents: 100, status: 'PAID' }],
    ['y', { accountId: 'a', amountCents: 7, status: 'PLACED' }],
  ]),
  accounts: new Map([['a', { balanceCents: 7, version: 3 }]]),
};
const letters = [letter(0), letter(5), letter(7), letter(7)];

const reckon = (books: Partial<Books>, found = letters, lateLetters = letters.slice(0, 0)): LedgerAccount =>
  ledgerAccount({ records, books: { ...right, ...books }, letters: found, lateLetters });
const account = (balanceCents: number, version: number): Partial<Books> => ({
  accounts: new Map([['a', { balanceCents, version }]]),
});
const faults = (result: LedgerAccount): number => ledgerBroken(result, { kills: 5, droppedRecords: 0 }).length;

describe('expectedBooks', () => {
  it('books each step once that its order can take, and refuses the others', () => {
    const refused = new Set(['ledger-0@0', 'ledger-0@5', 'ledger-0@7']);
    expect(expectedBooks(records)).toEqual({ ...right, steps: 3, refused });
  });
});

describe('ledgerAccount', () => {
  it('finds nothing wrong with books that are as the topic says', () => {
    const result = reckon({});
    expect(result).toMatchObject({ ledgerRecords: 8, ledgerSteps: 3, ledgerAccounts: 1, ledgerDeadLettered: 3 });
    expect(result).toMatchObject({ ledgerMismatch: 0, ledgerLetterMismatch: 0, ledgerBalanceCents: 7 });
    expect(faults(result)).toBe(0);
  });

  it.each([
    ['a cent too much', account(8, 3), 1],
    ['moves that cancel each other out', account(7, 5), 1],
    ['an account that is not there', { accounts: new Map() }, 1],
    ['an order too many', { orders: new Map([...right.orders, ['z', { ...right.orders.get('x') }]]) }, 1],
    ['orders that are not there', { orders: new Map() }, 2],
    [
      'an order in another state',
      { orders: new Map([...right.orders, ['y', { accountId: 'a', amountCents: 7, status: 'PAID' }]]) },
      1,
    ],
  ] as const)('counts %s', (_what, books, mismatch) => {
    const result = reckon(Object(books));
    expect(result.ledgerMismatch).toBe(mismatch);
    expect(faults(result)).toBe(1);
  });

  it.each([
    ['missing', letters.slice(1), [], 1],
    ['of a record that needed none', [...letters, letter(3)], [], 1],
    ['new', letters.slice(1), [letter(0)], 2],
  ])('counts a letter that is %s', (_what, found, late, mismatch) => {
    const result = reckon({}, found, late);
    expect(result.ledgerLetterMismatch).toBe(mismatch);
    expect(faults(result)).toBe(1);
  });

  it('takes a second letter for what it is: its mark could not be written', () => {
    const result = reckon({}, letters, [letter(0)]);
    expect(result).toMatchObject({ ledgerLetterMismatch: 0, ledgerRepeatedLetters: 1 });
    expect(faults(result)).toBe(0);
  });

  it('wants five kills and no record given up by the mapping', () => {
    expect(ledgerBroken(reckon({}), { kills: 4, droppedRecords: 0 })).toHaveLength(1);
    expect(ledgerBroken(reckon({}), { kills: 5, droppedRecords: 1 })).toHaveLength(1);
  });
});
