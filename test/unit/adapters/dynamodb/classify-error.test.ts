import { describe, expect, it } from 'vitest';
import { classifyError } from '../../../../lib/adapters/dynamodb/classify-error.ts';
import { transactionWords } from '../../../../lib/adapters/dynamodb/transaction-words.ts';

const attempt = { tableName: 'markers', operation: 'insert' };
const commit = { tableName: 'markers', operation: 'commit', transaction: transactionWords(['Orders']) };
const secret = 'the card 4111 is bad';

function rejection(name: string, httpStatusCode: number, more: object = {}): Error {
  return Object.assign(new Error(secret), { name, $metadata: { httpStatusCode }, ...more });
}

describe('an error of a request to the table of markers', () => {
  it.each([
    ['ValidationException', 400],
    ['ValidationError', 400],
    ['SerializationException', 400],
    ['SomethingTooLarge', 413],
  ])('%s (%i) keeps no cause: it may quote what could not be stored', (name, status) => {
    const error = classifyError(rejection(name, status), attempt);
    expect(error.kind).toBe('unstorable');
    expect(error.cause).toBeUndefined();
    expect(error.message).not.toContain('4111');
  });

  it.each([
    ['AccessDeniedException', 400, 'configuration', 'allow dynamodb:PartiQLInsert, '],
    ['NotAuthorized', 400, 'configuration', 'allow dynamodb:PartiQLInsert, '],
    ['OptInRequired', 400, 'configuration', 'allow dynamodb:PartiQLInsert, '],
    ['ResourceNotFoundException', 400, 'configuration', 'there is no such table in this account and Region'],
    ['SomethingUnheardOf', 401, 'configuration', 'check Region and credentials'],
    ['SomethingUnheardOf', 403, 'configuration', 'check Region and credentials'],
    ['InternalServerError', 500, 'unavailable', 'insert failed: InternalServerError.'],
  ])('%s (%i) is %s, says what to do and has its cause', (name, status, kind, told) => {
    const cause = rejection(name, status);
    const error = classifyError(cause, attempt);
    expect(error.kind).toBe(kind);
    expect(error.message).toContain('DynamoDB table "markers": insert failed: ');
    expect(error.message).toContain(told);
    expect(error.message).not.toContain('4111');
    expect(error.cause).toBe(cause);
  });

  it('of the network is named by its code', () => {
    const refused = Object.assign(new Error(secret), { code: 'ECONNREFUSED' });
    expect(classifyError(refused, attempt).message).toBe('DynamoDB table "markers": insert failed: ECONNREFUSED.');
  });

  it.each([undefined, 'text', { name: 'ValidationException' }])('that is none (%j) is an outage', (thrown) => {
    expect(classifyError(thrown, attempt)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('an error of a transaction', () => {
  it.each([
    [
      'ResourceNotFoundException',
      'one of these tables is not in this account and Region: create it, or correct its name',
    ],
    ['AccessDeniedException', 'allow dynamodb:PutItem on the table of markers, and on the others '],
    ['NotAuthorized', 'allow dynamodb:PutItem on the table of markers, and on the others '],
    ['OptInRequired', 'allow dynamodb:PutItem on the table of markers, and on the others '],
    ['ExpiredTokenException', 'give the function valid AWS credentials'],
  ])('%s speaks of all its tables', (name, told) => {
    const error = classifyError(rejection(name, 400), commit);
    expect(error.kind).toBe('configuration');
    expect(error.message).toContain(`DynamoDB tables "markers", "Orders": commit failed: ${name}: ${told}`);
  });
});
