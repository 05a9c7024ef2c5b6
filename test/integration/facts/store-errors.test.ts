import { createServer } from 'node:net';
import { BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientFor, codes, dynamodbEndpoint, type FactsTable, factsTable, failureOf } from './facts-table.ts';
import { cannedServer } from './faulty-server.ts';

let table: FactsTable;
beforeAll(async () => {
  table = await factsTable();
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

describe('a server that cannot be reached', () => {
  it('is ECONNREFUSED in `code`, after retries', async () => {
    const client = clientFor(`http://127.0.0.1:${await closedPort()}`, { maxAttempts: 2 });
    const failure = await failureOf(table.batch([table.claim('x')], client));
    expect(failure).toMatchObject({ name: 'Error', code: 'ECONNREFUSED', attempts: 2 });
  });
});

describe('credentials', () => {
  it('that DynamoDB Local refuses are an UnrecognizedClientException, not retried', async () => {
    const credentials = { accessKeyId: 'not-alphanumeric', secretAccessKey: 'local' };
    const client = clientFor(dynamodbEndpoint(), { credentials });
    const failure = await failureOf(table.batch([table.claim('x')], client));
    expect(failure).toMatchObject({ name: 'UnrecognizedClientException', status: 400, attempts: 1 });
  });

  it('that cannot be had throw the provider’s error, without metadata', async () => {
    const credentials = async (): Promise<never> => {
      throw Object.assign(new Error('none here'), { name: 'CredentialsProviderError' });
    };
    const client = clientFor(dynamodbEndpoint(), { credentials });
    const failure = await failureOf(table.batch([table.claim('x')], client));
    expect(failure).toEqual({
      name: 'CredentialsProviderError',
      code: undefined,
      status: undefined,
      attempts: undefined,
    });
  });
});

describe('what the SDK makes of an answer', () => {
  const against = async (status: number, body: string) => {
    await using server = await cannedServer(status, body);
    const failure = await failureOf(table.batch([table.claim('x')], clientFor(server.endpoint, { maxAttempts: 2 })));
    return { ...failure, requests: server.requests() };
  };
  const typed = (name: string): string =>
    JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' });

  it.each([
    [400, 'ProvisionedThroughputExceededException'],
    [400, 'ThrottlingException'],
    [400, 'RequestLimitExceeded'],
    [400, 'ReplicatedWriteConflictException'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ])('%s %s is retried, then thrown by its name', async (status, name) => {
    expect(await against(status, typed(name))).toMatchObject({ name, status, attempts: 2, requests: 2 });
  });

  it.each([
    'AccessDeniedException',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'ExpiredTokenException',
    'MissingAuthenticationTokenException',
    'ResourceNotFoundException',
    'ValidationException',
  ])('400 %s is thrown at once', async (name) => {
    expect(await against(400, typed(name))).toMatchObject({ name, status: 400, attempts: 1, requests: 1 });
  });

  it('throttling of a member is no failure of the request: nothing is retried', async () => {
    const throttled = { Error: { Code: 'ProvisionedThroughputExceeded', Message: 'slow down' } };
    await using server = await cannedServer(200, JSON.stringify({ Responses: [throttled, {}] }));
    const members = await table.batch([table.claim('x'), table.claim('y')], clientFor(server.endpoint));
    expect(codes(members)).toEqual(['ProvisionedThroughputExceeded', 'ok']);
    expect(server.requests()).toBe(1);
  });

  it('missing or too few members are passed on as they are', async () => {
    await using empty = await cannedServer(200, '{}');
    const Statements = [table.claim('x'), table.claim('y')];
    const answer = await clientFor(empty.endpoint).send(new BatchExecuteStatementCommand({ Statements }));
    expect(answer.Responses).toBeUndefined();
    await using short = await cannedServer(200, '{"Responses":[{}]}');
    expect(await table.batch(Statements, clientFor(short.endpoint))).toHaveLength(1);
  });

  it('a body that is no JSON is a SyntaxError, retried only under a server status', async () => {
    expect(await against(200, '{"Respo')).toMatchObject({ name: 'SyntaxError', status: 200, attempts: 1 });
    expect(await against(502, '<html>')).toMatchObject({ name: 'SyntaxError', status: 502, attempts: 2 });
  });
});
