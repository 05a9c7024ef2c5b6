import type { TransactionWords } from './classify-error.ts';
import { whyRefused } from './why-refused.ts';

/** Causes of which more than one table may be to blame, with what to change. */
const hints: readonly (readonly [name: RegExp, hint: string])[] = [
  [/^ResourceNotFound/, 'one of these tables is not in this account and Region: create it, or correct its name'],
  [
    /^AccessDenied|^NotAuthorized|^OptInRequired/,
    'allow dynamodb:PutItem on the table of markers, and on the others those of PutItem, UpdateItem, DeleteItem and ConditionCheckItem that the effects need',
  ],
  [/^KMSAccessDenied/, "allow the use of the tables' customer managed keys"],
];

/** What people are told of a transaction that DynamoDB refused. */
export function transactionWords(effectTables: readonly string[]): TransactionWords {
  return {
    effectTables,
    hintFor: (errorName) => hints.find(([known]) => known.test(errorName))?.[1],
    whyUnstorable: (message) =>
      whyRefused(message) ??
      'a key, value or expression of an effect, or the size of an item or of all, is none that DynamoDB takes',
  };
}
