import type { BatchStatementError } from '@aws-sdk/client-dynamodb';
import { StoreError, type StoreErrorKind } from '../../ports/store-error.ts';
import { whyRefused } from './why-refused.ts';

/** What was being done where, for messages. */
export interface Attempt {
  readonly tableName: string;
  readonly operation: string;
  /** The other tables concerned, in a transaction. */
  readonly effectTables?: readonly string[];
}

/** Causes that stay until somebody changes the set-up, with what to change. */
const configurationHints: readonly (readonly [name: RegExp, hint: string, inTransaction?: string])[] = [
  [
    /^ResourceNotFound/,
    'there is no such table in this account and Region: create it, or correct tableName',
    'one of these tables is not in this account and Region: create it, or correct its name',
  ],
  [
    /^AccessDenied|^NotAuthorized|^OptInRequired/,
    'allow dynamodb:PartiQLInsert, PartiQLUpdate, PartiQLDelete, BatchGetItem and BatchWriteItem on the table',
    'allow dynamodb:PutItem on the table of markers, and on the others those of PutItem, UpdateItem, DeleteItem and ConditionCheckItem that the effects need',
  ],
  [
    /^KMSAccessDenied/,
    "allow the use of the table's customer managed key",
    "allow the use of the tables' customer managed keys",
  ],
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
    attempt.effectTables !== undefined && isValidation(name) ? 'unstorable' : classify(name, message, httpStatusCode);
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
  const { tableName, operation, effectTables } = attempt;
  const tables = [...new Set([tableName, ...(effectTables ?? [])])].map((table) => `"${table}"`);
  const where = `DynamoDB ${tables.length > 1 ? 'tables' : 'table'} ${tables.join(', ')}: ${operation} failed: ${name}`;
  switch (kind) {
    case 'unavailable':
      return new StoreError(kind, `${where}.`, { cause });
    case 'configuration': {
      const [, alone, inTransaction] = configurationHints.find(([known]) => known.test(name)) ?? [];
      const hint = (effectTables && inTransaction) ?? alone;
      return new StoreError(
        kind,
        `${where}: ${hint ?? (isValidation(name) ? "the table's key is not a single string under the configured name" : 'check Region and credentials')}.`,
        { cause },
      );
    }
    case 'unstorable': {
      if (effectTables === undefined) {
        // Without the cause, which may quote what could not be stored.
        return new StoreError(kind, `${where}: the item is over 400 KB or has a value that DynamoDB does not take.`);
      }
      const why =
        whyRefused(describeError(cause).message) ??
        'a key, value or expression of an effect, or the size of an item or of all, is none that DynamoDB takes';
      // Its words stand in the dead letter, beside the record itself, and in no log.
      return new StoreError(kind, `${where}: ${why}.`, { cause });
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
