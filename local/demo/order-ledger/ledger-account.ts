import { isDeepStrictEqual } from 'node:util';
import { formatCoordinates } from '../../../lib/core/coordinates.ts';
import type { FoundLetter } from '../dead-letter-queue.ts';
import type { StoredRecord } from '../topic.ts';
import { type Books, expectedBooks } from './books.ts';
import type { Step } from './step.ts';

/** What broker, tables and queue have to say of the ledger. */
export interface LedgerEvidence {
  readonly records: readonly StoredRecord<Step | undefined>[];
  /** After everything was delivered again. */
  readonly books: Books;
  readonly letters: readonly FoundLetter[];
  /** Letters found after everything was delivered again. */
  readonly lateLetters: readonly FoundLetter[];
}

/** The reckoning of the ledger. */
export interface LedgerAccount {
  readonly ledgerRecords: number;
  /** Steps of orders that are to be booked, each once; the other records are duplicates and dead letters. */
  readonly ledgerSteps: number;
  readonly ledgerAccounts: number;
  /** What all accounts owe, by the tables. */
  readonly ledgerBalanceCents: number;
  readonly ledgerDeadLettered: number;
  /** Orders and accounts that are not as the topic says: status, amount, balance, number of moves. */
  readonly ledgerMismatch: number;
  /** Dead letters that are missing, of records that needed none, or new when everything was delivered again. */
  readonly ledgerLetterMismatch: number;
  /** Second letters when everything was delivered again: the mark of a dead letter could not be written at a cut. */
  readonly ledgerRepeatedLetters: number;
}

/** Reckons up what became of a topic of order steps. */
export function ledgerAccount({ records, books, letters, lateLetters }: LedgerEvidence): LedgerAccount {
  const expected = expectedBooks(records);
  const lettered = new Set(letters.map(formatCoordinates));
  const repeated = lateLetters.filter((letter) => lettered.has(formatCoordinates(letter)));
  return {
    ledgerRecords: records.length,
    ledgerSteps: expected.steps,
    ledgerAccounts: expected.accounts.size,
    ledgerBalanceCents: [...books.accounts.values()].reduce((sum, { balanceCents }) => sum + balanceCents, 0),
    ledgerDeadLettered: lettered.size,
    ledgerMismatch: differences(expected.orders, books.orders) + differences(expected.accounts, books.accounts),
    ledgerLetterMismatch: inOneOnly(expected.refused, lettered) + (lateLetters.length - repeated.length),
    ledgerRepeatedLetters: repeated.length,
  };
}

function differences<Row>(expected: ReadonlyMap<string, Row>, found: ReadonlyMap<string, Row>): number {
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].filter((id) => !isDeepStrictEqual(expected.get(id), found.get(id))).length;
}

function inOneOnly(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...one].filter((name) => !other.has(name)).length + [...other].filter((name) => !one.has(name)).length;
}

/** What the ledger should have kept and did not, in words; empty when all is well. */
export function ledgerBroken(
  result: LedgerAccount,
  run: { readonly kills: number; readonly droppedRecords: number },
): string[] {
  const faults: [boolean, string][] = [
    [result.ledgerMismatch > 0, `${result.ledgerMismatch} orders and accounts of the ledger are wrong`],
    [
      result.ledgerLetterMismatch > 0,
      `${result.ledgerLetterMismatch} dead letters of the ledger are missing, needless or new`,
    ],
    [run.droppedRecords > 0, `the ledger's event source mapping gave up ${run.droppedRecords} records`],
    [run.kills < 5, `only ${run.kills} kills hit an invocation of the ledger, and 5 are needed`],
  ];
  return faults.flatMap(([isBroken, text]) => (isBroken ? [text] : []));
}
