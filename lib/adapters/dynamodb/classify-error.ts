import type { BatchStatementError } from '@aws-sdk/client-dynamodb';
import { StoreError, type StoreErrorKind } from '../../ports/store-error.ts';

/** What was being done where, for messages. */
export interface Attempt {
  readonly tableName: string;
  readonly operation: string;
  /** What is said otherwise of a transaction. */
  readonly transaction?: TransactionWords;
}

/** A transaction concerns other tables than that of the markers, which people must hear of. */
export interface TransactionWords {
  /** The tables of its effects. */
  readonly effectTables: readonly string[];
  /** What to change, in the place of what is said of the table of markers. */
  hintFor(errorName: string): string | undefined;
  /** Why DynamoDB cannot hold it, from its own words. */
  whyUnstorable(message: string): string;
}

/** Causes that stay until somebody changes the set-up, with what to change. */
const configurationHints: readonly (readonly [name: RegExp, hint: string])[] = [
  [/^ResourceNotFound/, 'there is no such table in this account and Region: create it, or correct tableName'],
  [
    /^AccessDenied|^NotAuthorized|^OptInRequired/,
    'allow dynamodb:PartiQLInsert, PartiQLUpdate, PartiQLDelete, BatchGetItem and BatchWriteItem on the table',
  ],
  [/^KMSAccessDenied/, "allow the use of the table's customer managed key"],
  [
    /^UnrecognizedClient|^InvalidClientTokenId|^ExpiredToken|^InvalidSignature|^IncompleteSignature|^SignatureDoesNotMatch|^MissingAuthenticationToken|^CredentialsProviderError|^TokenProviderError/,
    'give the function valid AWS credentials',
  ],
];

/** How DynamoDB words a table whose key is not ours, as against an item that it cannot hold. */
const wrongKeySchema =
  /does not match the schema|in table's schema|missing the key|key attribute should be present|required keys was not given|type mismatch for key|equality on all key attributes|number of conditions on the keys/i;

/** The `StoreError` for whatever a request was rejected with. */
export function classifyError(error: unknown, attempt: Attempt): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  const { name, message, httpStatusCode } = describeError(error);
  // The table of markers was read before a transaction: what it says of keys is said of an effect's.
  const kind =
    attempt.transaction !== undefined && isValidation(name) ? 'unstorable' : classify(name, message, httpStatusCode);
  return storeError(kind, name, attempt, error);
}

/** The `StoreError` for one member of a batch that DynamoDB refused for another reason than its condition. */
export function classifyMember(error: BatchStatementError, attempt: Attempt): StoreError {
  const name = error.Code ?? 'an error without a code';
  return storeError(classify(name, error.Message ?? '', undefined), name, attempt, undefined);
}

/** An answer that is none: what was done is unknown. */
export function malformedAnswer(what: string, { tableName, operation }: Attempt): StoreError {
  return new StoreError('unavailable', `DynamoDB table "${tableName}": ${operation}: malformed answer: ${what}.`);
}

/** DynamoDB went on leaving this unprocessed: it is throttling. */
export function leftUnprocessed({ tableName, operation }: Attempt): StoreError {
  return new StoreError(
    'unavailable',
    `DynamoDB table "${tableName}": ${operation} failed: left unprocessed too often.`,
  );
}

/**
 * Whether DynamoDB refused a request for its form: perhaps one item is to blame. Some of it may have been carried out
 * all the same, as after a lost answer.
 */
export function isRefusedWhole(error: unknown): boolean {
  const { name, message, httpStatusCode } = describeError(error);
  return httpStatusCode === 413 || (isValidation(name) && !wrongKeySchema.test(message));
}

function classify(name: string, message: string, httpStatusCode: number | undefined): StoreErrorKind {
  if (isValidation(name)) {
    return wrongKeySchema.test(message) ? 'configuration' : 'unstorable';
  }
  if (
    configurationHints.some(([known]) => known.test(name)) ||
    httpStatusCode === 401 ||
    httpStatusCode === 403 ||
    /region is missing/i.test(message)
  ) {
    return 'configuration';
  }
  return httpStatusCode === 413 || name.startsWith('ItemCollectionSizeLimitExceeded') ? 'unstorable' : 'unavailable';
}

function isValidation(name: string): boolean {
  return name === 'ValidationException' || name === 'ValidationError' || name === 'SerializationException';
}

function storeError(kind: StoreErrorKind, name: string, attempt: Attempt, cause: unknown): StoreError {
  const { tableName, operation, transaction } = attempt;
  const tables = [...new Set([tableName, ...(transaction?.effectTables ?? [])])].map((table) => `"${table}"`);
  const where = `DynamoDB ${tables.length > 1 ? 'tables' : 'table'} ${tables.join(', ')}: ${operation} failed: ${name}`;
  switch (kind) {
    case 'unavailable':
      return new StoreError(kind, `${where}.`, { cause });
    case 'configuration': {
      const hint = transaction?.hintFor(name) ?? configurationHints.find(([known]) => known.test(name))?.[1];
      return new StoreError(
        kind,
        `${where}: ${hint ?? (isValidation(name) ? "the table's key is not a single string under the configured name" : 'check Region and credentials')}.`,
        { cause },
      );
    }
    case 'unstorable': {
      if (transaction === undefined) {
        // Without the cause, which may quote what could not be stored.
        return new StoreError(kind, `${where}: the item is over 400 KB or has a value that DynamoDB does not take.`);
      }
      // Its words stand in the dead letter, beside the record itself, and in no log.
      return new StoreError(kind, `${where}: ${transaction.whyUnstorable(describeError(cause).message)}.`, { cause });
    }
  }
}

interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly httpStatusCode: number | undefined;
  /** How often the SDK sent the request; undefined if it does not say. */
  readonly attempts: number | undefined;
}

/** What errors are told apart by. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) {
    return { name: 'a rejection without an Error', message: '', httpStatusCode: undefined, attempts: undefined };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const metadata = '$metadata' in error && error.$metadata instanceof Object ? error.$metadata : {};
  const status = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  const attempts = 'attempts' in metadata ? metadata.attempts : undefined;
  return {
    name: error.name === 'Error' && code !== undefined ? code : error.name,
    message: error.message,
    httpStatusCode: typeof status === 'number' ? status : undefined,
    attempts: typeof attempts === 'number' ? attempts : undefined,
  };
}
