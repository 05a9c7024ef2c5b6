import { TransactGetItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { lossyProxy } from '../../support/lossy-proxy.ts';
import { clientFor, dynamodbEndpoint, n, s } from './facts-table.ts';
import { type FactsTransactions, factsTransactions, numbered } from './facts-transactions.ts';

let tx: FactsTransactions;
beforeAll(async () => {
  tx = await factsTransactions();
});

describe('transactions on one item at once', () => {
  it('are carried out one after the other by DynamoDB Local: it never answers TransactionConflict', async () => {
    const hot = { TableName: tx.table.name, Key: { id: s('hot') } };
    const addOne = { ...hot, UpdateExpression: 'ADD amount :by', ExpressionAttributeValues: { ':by': n(1) } };
    const sent = Array.from({ length: 10 }, (_, i) => [
      tx.transact([tx.add('hot'), ...numbered(`side ${i}-`, 20).map((id) => tx.put(id))]),
      tx.transact([...numbered(`other side ${i}-`, 20).map((id) => tx.put(id)), tx.add('hot')]),
      tx.table.client.send(new UpdateItemCommand(addOne)),
      tx.table.client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: hot }] })),
    ]).flat();
    const outcomes = await Promise.allSettled(sent);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect((await tx.table.item('hot'))?.amount).toEqual(n(30));
  });
});

describe('what the SDK makes of answers that DynamoDB Local never gives', () => {
  /** What comes of a transaction on two items when each of its tries is answered with an error. */
  async function answered(body: Record<string, unknown>, status = 400) {
    await using proxy = await lossyProxy();
    proxy.decide = () => ({ status, body });
    const through = clientFor(proxy.url, { maxAttempts: 2 });
    const refusal = await tx.refusal([tx.marker('x'), tx.put('y')], { through, token: 'kept' });
    return { ...refusal, bodies: proxy.seen.map((request) => request.body) };
  }
  const typed = (name: string, more = {}) => ({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message: 'no',
    ...more,
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded', 'InternalServerError'])(
    'a cancellation for %s is thrown at once: waiting and trying again is ours',
    async (Code) => {
      const CancellationReasons = [{ Code: 'None' }, { Code, Message: 'no' }];
      const outcome = await answered(typed('TransactionCanceledException', { CancellationReasons }));
      expect(outcome).toMatchObject({ name: 'TransactionCanceledException', attempts: 1 });
      expect(outcome.codes).toEqual(['None', Code]);
      expect(outcome.bodies).toHaveLength(1);
    },
  );

  it.each([
    'TransactionConflictException',
    'IdempotentParameterMismatchException',
    'ItemCollectionSizeLimitExceededException',
    'AccessDeniedException',
  ])('%s is thrown at once', async (name) => {
    expect(await answered(typed(name))).toMatchObject({ name, attempts: 1 });
  });

  it.each([
    [400, 'TransactionInProgressException'],
    [400, 'ProvisionedThroughputExceededException'],
    [400, 'ThrottlingException'],
    [400, 'RequestLimitExceeded'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ])('%s %s is tried again, with the same token and actions', async (status, name) => {
    const { bodies, ...outcome } = await answered(typed(name), status);
    expect(outcome).toMatchObject({ name, status, attempts: 2 });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[0]).toMatchObject({ ClientRequestToken: 'kept' });
  });

  it('a cancellation may come without reasons, or with too few: it then says nothing of any action', async () => {
    expect((await answered(typed('TransactionCanceledException'))).codes).toBeUndefined();
    const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }];
    expect((await answered(typed('TransactionCanceledException', { CancellationReasons }))).codes).toHaveLength(1);
  });
});

describe('the real server, asked through the same proxy', () => {
  it('names a cancellation as the made-up answers do', async () => {
    await using proxy = await lossyProxy(dynamodbEndpoint());
    await tx.table.put({ id: s('there') });
    const refusal = await tx.refusal([tx.put('new'), tx.marker('there')], { through: clientFor(proxy.url) });
    expect(refusal).toMatchObject({ name: 'TransactionCanceledException', status: 400, attempts: 1 });
    expect(refusal.codes).toEqual(['None', 'ConditionalCheckFailed']);
  });
});
