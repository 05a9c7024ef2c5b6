import { BatchExecuteStatementCommand, BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientFor, codes, dynamodbEndpoint, type FactsTable, factsTable, failureOf, n, s } from './facts-table.ts';
import { faultyProxy } from './faulty-server.ts';

let table: FactsTable;
beforeAll(async () => {
  table = await factsTable();
});

describe('an answer that is lost', () => {
  it('makes the SDK claim a second time and lose to itself: the owner, read consistently, tells', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['dropAnswer', 'none']);
    await table.batch([table.claim('theirs', 'other')]);
    const Statements = [table.claim('mine', 'me'), table.claim('theirs', 'me')];
    const { Responses, $metadata } = await clientFor(proxy.endpoint).send(
      new BatchExecuteStatementCommand({ Statements }),
    );
    expect(codes(Responses ?? [])).toEqual(['DuplicateItem', 'DuplicateItem']);
    expect($metadata.attempts).toBe(2);

    const Keys = [{ id: s('mine') }, { id: s('theirs') }];
    const RequestItems = { [table.name]: { Keys, ConsistentRead: true } };
    const read = await table.client.send(new BatchGetItemCommand({ RequestItems }));
    const owners = new Map(read.Responses?.[table.name]?.map((item) => [item.id?.S, item.owner?.S]));
    expect(owners).toEqual(
      new Map([
        ['mine', 'me'],
        ['theirs', 'other'],
      ]),
    );
  });

  it('makes a fenced completion fail against itself: the old item shows our owner and COMPLETED', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['dropAnswer', 'none']);
    await table.batch([table.claim('completed', 'me')]);
    const complete = {
      Statement: `UPDATE "${table.name}" SET "status" = 'COMPLETED' SET "expiration" = ? WHERE "id" = ? AND "owner" = ? AND "status" = 'INPROGRESS'`,
      Parameters: [n(2e9), s('completed'), s('me')],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const [member] = await table.batch([complete], clientFor(proxy.endpoint));
    expect(member?.Error).toMatchObject({
      Code: 'ConditionalCheckFailed',
      Item: { owner: s('me'), status: s('COMPLETED') },
    });
  });

  it('is a TimeoutError with ECONNRESET when retries end, though the claim is stored', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['dropAnswer']);
    const client = clientFor(proxy.endpoint, { maxAttempts: 2 });
    const failure = await failureOf(table.batch([table.claim('stored')], client));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET', attempts: 2 });
    expect(proxy.requests()).toBe(2);
    expect(await table.item('stored')).toBeDefined();
  });

  it('looks just like a request that never arrived', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['dropRequest']);
    const client = clientFor(proxy.endpoint, { maxAttempts: 1 });
    const failure = await failureOf(table.batch([table.claim('never stored')], client));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET', attempts: 1 });
    expect(await table.item('never stored')).toBeUndefined();
  });

  it('may break off half-way, under a status 200', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['halfAnswer']);
    const client = clientFor(proxy.endpoint, { maxAttempts: 1 });
    const failure = await failureOf(table.batch([table.claim('half')], client));
    expect(failure).toMatchObject({ code: 'ECONNRESET', status: 200 });
    expect(await table.item('half')).toBeDefined();
  });
});

describe('a server that does not answer', () => {
  it('is given up only with throwOnRequestTimeout: TimeoutError, retried', async () => {
    await using proxy = await faultyProxy(dynamodbEndpoint(), ['neverAnswer', 'none']);
    const client = clientFor(proxy.endpoint, { requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true } });
    expect(codes(await table.batch([table.claim('second try')], client))).toEqual(['ok']);

    await using silent = await faultyProxy(dynamodbEndpoint(), ['neverAnswer']);
    const impatient = clientFor(silent.endpoint, {
      maxAttempts: 1,
      requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
    });
    const failure = await failureOf(table.batch([table.claim('x')], impatient));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
  });

  it('holds a request for ever when requestTimeout stands alone: it only warns; an AbortSignal ends it', async () => {
    await using silent = await faultyProxy(dynamodbEndpoint(), ['neverAnswer']);
    const abort = new AbortController();
    const ignore = (): void => {};
    const warnings: string[] = [];
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (text: string) => {
        warnings.push(text);
        abort.abort();
      },
    };
    const client = clientFor(silent.endpoint, { maxAttempts: 1, requestHandler: { requestTimeout: 50, logger } });
    const command = new BatchExecuteStatementCommand({ Statements: [table.claim('x')] });
    const failure = await failureOf(client.send(command, { abortSignal: abort.signal }));
    expect(failure).toMatchObject({ name: 'AbortError', attempts: undefined });
    expect(warnings.join()).toContain('throwOnRequestTimeout');
  });
});
