import { DeleteItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Fate, lossyProxy } from '../../support/lossy-proxy.ts';
import { clientFor, dynamodbEndpoint, failureOf, n, s } from './facts-table.ts';
import { type FactsTransactions, factsTransactions, numbered } from './facts-transactions.ts';

let tx: FactsTransactions;
beforeAll(async () => {
  tx = await factsTransactions();
});

/** A proxy that treats its requests as listed, the later ones as the last of the list, and notes their tokens. */
async function tokensThrough(...fates: readonly Fate[]) {
  const proxy = await lossyProxy(dynamodbEndpoint());
  proxy.decide = (_request, index) => fates[Math.min(index, fates.length - 1)] ?? 'pass';
  const token = (body: unknown): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, 'ClientRequestToken') : undefined;
  return {
    url: proxy.url,
    tokens: () => proxy.seen.map(({ body }) => token(body)),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

const amount = async (id: string) => (await tx.table.item(id))?.amount;

describe('the ClientRequestToken', () => {
  it('is made by the SDK: one for each time that a command is sent, and not written into it', async () => {
    await using proxy = await tokensThrough('pass');
    const through = clientFor(proxy.url);
    const command = new TransactWriteItemsCommand({ TransactItems: [tx.put('sent twice')] });
    await through.send(command);
    await through.send(command);
    const [first, second] = proxy.tokens();
    expect(first).toMatch(/^[\da-f-]{36}$/);
    expect(second).toMatch(/^[\da-f-]{36}$/);
    expect(second).not.toBe(first);
    expect(command.input.ClientRequestToken).toBeUndefined();
  });

  it('is kept over the own retries of the SDK: after a lost answer the second try succeeds and writes nothing', async () => {
    await using proxy = await tokensThrough('cutAfter', 'pass');
    const actions = [tx.marker('lost'), tx.add('counter of lost')];
    const { $metadata } = await tx.transact(actions, { through: clientFor(proxy.url) });
    expect($metadata.attempts).toBe(2);
    const [first, second] = proxy.tokens();
    expect(second).toBe(first);
    expect(await amount('counter of lost')).toEqual(n(1));
  });

  it('makes a second command with the same actions succeed and write nothing, in any order of attributes', async () => {
    const token = 'of two commands';
    await tx.transact([tx.marker('again', { a: n(1), b: n(2) }), tx.add('counter of again')], { token });
    await tx.transact([tx.marker('again', { b: n(2), a: n(1) }), tx.add('counter of again')], { token });
    expect(await amount('counter of again')).toEqual(n(1));
  });

  it('answers for what was done, not for what is there now', async () => {
    const token = 'of a marker that is gone';
    await tx.transact([tx.marker('gone')], { token });
    await tx.table.client.send(new DeleteItemCommand({ TableName: tx.table.name, Key: { id: s('gone') } }));
    await tx.transact([tx.marker('gone')], { token });
    expect(await tx.present(['gone'])).toEqual([]);
  });

  it('does nothing for a transaction that was refused: the same again is tried anew', async () => {
    const token = 'of a refused one';
    await tx.table.put({ id: s('in the way') });
    expect((await tx.refusal([tx.marker('in the way')], { token })).codes).toEqual(['ConditionalCheckFailed']);
    await tx.table.client.send(new DeleteItemCommand({ TableName: tx.table.name, Key: { id: s('in the way') } }));
    await tx.transact([tx.marker('in the way')], { token });
    expect(await tx.present(['in the way'])).toEqual(['in the way']);
  });

  it('is refused with other actions, so a group that a member has left needs a new one', async () => {
    const token = 'of a group';
    const [first, second] = [tx.marker('member 1'), tx.marker('member 2')];
    await tx.transact([first, second], { token });
    const mismatch = { name: 'IdempotentParameterMismatchException', status: 400, attempts: 1 };
    expect(await tx.refusal([first], { token })).toMatchObject(mismatch);
    expect(await tx.refusal([second, first], { token })).toMatchObject(mismatch);
  });

  it('is taken as it is when it is empty: all senders then share one', async () => {
    await tx.transact([tx.put('empty 1')], { token: '' });
    expect(await tx.refusal([tx.put('empty 2')], { token: '' })).toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    expect((await tx.refusal([tx.put('x')], { token: 'x'.repeat(37) })).name).toBe('ValidationException');
  });

  it('lets one of several that arrive at once write, and all succeed', async () => {
    const actions = numbered('shared', 50).map((id) => tx.add(id));
    await Promise.all(Array.from({ length: 8 }, () => tx.transact(actions, { token: 'at once' })));
    expect(await amount('shared0')).toEqual(n(1));
    expect(await amount('shared49')).toEqual(n(1));
  });
});

describe('a lost answer', () => {
  it('is a TimeoutError when retries end, though all of it is written', async () => {
    await using proxy = await tokensThrough('cutAfter');
    const through = clientFor(proxy.url, { maxAttempts: 2 });
    const failure = await failureOf(tx.transact([tx.marker('unknown'), tx.put('effect')], { through }));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET', status: undefined, attempts: 2 });
    expect(new Set(await tx.present(['unknown', 'effect']))).toEqual(new Set(['unknown', 'effect']));
  });

  it('looks just like a request that never arrived', async () => {
    await using proxy = await tokensThrough('cutBefore');
    const through = clientFor(proxy.url, { maxAttempts: 1 });
    const failure = await failureOf(tx.transact([tx.marker('never arrived')], { through }));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET', attempts: 1 });
    expect(await tx.present(['never arrived'])).toEqual([]);
  });

  it('is settled by the same token, or else a refused condition looks like the work of another', async () => {
    await using proxy = await tokensThrough('cutAfter');
    const actions = [tx.marker('settled', { owner: s('ours') }), tx.add('counter of settled')];
    const token = 'kept by the sender';
    await failureOf(tx.transact(actions, { token, through: clientFor(proxy.url, { maxAttempts: 1 }) }));
    const refusal = await tx.refusal(actions);
    expect(refusal.codes).toEqual(['ConditionalCheckFailed', 'None']);
    expect(refusal.items?.[0]).toEqual({ id: s('settled'), owner: s('ours') });
    await tx.transact(actions, { token });
    expect(await amount('counter of settled')).toEqual(n(1));
  });
});
