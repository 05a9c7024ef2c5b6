import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KafkaBatchResponse, KafkaLambdaHandler } from '../../../lib/index.ts';
import { kafkaHandler } from '../../../lib/modes/index.ts';
import {
  fakeContext,
  kafkaEvent,
  MemoryDeadLetters,
  type MemoryStore,
  memoryStore,
  type TestRecord,
} from '../../../lib/testing/index.ts';

type Module = typeof import('../../../handlers/order-ledger.ts');

let module: Module;
let store: MemoryStore;
let deadLetters: MemoryDeadLetters;
let handler: KafkaLambdaHandler;
/** Called after each read of an account, before its balance is booked. */
let onRead: () => void;
let reads: GetCommand['input'][];

beforeAll(async () => {
  vi.stubEnv('ORDER_TABLE', 'Orders');
  vi.stubEnv('ACCOUNT_TABLE', 'Accounts');
  vi.stubEnv('KAFKA_ONCE_TABLE', 'never-reached');
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'ledger');
  module = await import('../../../handlers/order-ledger.ts');
  // The handler reads what its effects have written: both are in the store.
  Object.assign(DynamoDBDocumentClient.prototype, { send: read });
});

async function read(command: unknown): Promise<{ readonly Item: Record<string, unknown> | undefined }> {
  if (!(command instanceof GetCommand)) throw new Error('the handler is to read only');
  const { TableName = '', Key = {} } = command.input;
  reads.push(command.input);
  const Item = store.item(TableName, Key);
  onRead();
  return { Item };
}

beforeEach(() => {
  store = memoryStore({ tables: { Orders: { partitionKey: 'orderId' }, Accounts: { partitionKey: 'accountId' } } });
  deadLetters = new MemoryDeadLetters();
  onRead = () => {};
  reads = [];
  handler = kafkaHandler({
    mode: 'transaction',
    value: module.orderStepValue,
    businessId: '[value.orderId, value.status]',
    ordering: 'key',
    handle: module.bookStep,
    namespace: 'ledger',
    store,
    deadLetters,
    rememberedCompletions: 0,
    failureReporting: { report: ['orders'] },
    observer: { observe: () => undefined, log: () => undefined },
  });
});

async function run(...records: TestRecord[]): Promise<readonly string[]> {
  const { batchItemFailures }: KafkaBatchResponse = await handler(kafkaEvent(records), fakeContext());
  return batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`);
}

function step(orderId: string, status: string, amountCents = 1999, accountId = 'a-1'): TestRecord {
  return { key: accountId, value: { orderId, accountId, amountCents, status } };
}

const account = (accountId = 'a-1'): unknown => store.item('Accounts', { accountId });
const statusOf = (orderId: string): unknown => store.item('Orders', { orderId })?.status;

describe('order-ledger', () => {
  it('moves an order and the balance of its account, by a consistent read', async () => {
    expect(await run(step('o-1', 'PLACED'), step('o-2', 'PLACED', 1), step('o-3', 'PLACED', 5))).toEqual([]);
    expect(account()).toEqual({ accountId: 'a-1', balanceCents: 2005, version: 3 });
    expect(await run({ ...step('o-1', 'PAID'), offset: 3 }, step('o-3', 'CANCELLED', 5))).toEqual([]);
    expect(account()).toEqual({ accountId: 'a-1', balanceCents: 1, version: 5 });
    const order = { orderId: 'o-1', accountId: 'a-1', amountCents: 1999, status: 'PAID' };
    expect(store.item('Orders', { orderId: 'o-1' })).toEqual(order);
    expect([statusOf('o-2'), statusOf('o-3')]).toEqual(['PLACED', 'CANCELLED']);
    expect(reads.every(({ ConsistentRead }) => ConsistentRead === true)).toBe(true);
  });

  it('books each step of an order once, whoever repeats it', async () => {
    const steps = [step('o-1', 'PLACED'), step('o-1', 'PAID')];
    expect(await run(...steps)).toEqual([]);
    expect(await run(...steps)).toEqual([]);
    expect(await run(...steps.map((one) => ({ ...one, partition: 1, offset: 70 })).slice(0, 1))).toEqual([]);
    expect(account()).toMatchObject({ balanceCents: 0, version: 2 });
    expect(deadLetters.letters).toEqual([]);
  });

  it('books both of two units that move one account at a time', async () => {
    const steps = [step('o-1', 'PLACED', 100), { ...step('o-2', 'PLACED', 10), partition: 1 }];
    const undone = await run(...steps);
    expect(undone).toHaveLength(1);
    expect(account()).toMatchObject({ version: 1 });
    expect(await run(...steps)).toEqual([]);
    expect(account()).toMatchObject({ balanceCents: 110, version: 2 });
    expect(deadLetters.letters).toEqual([]);
  });

  it('tries again when the balance moves under it, and writes neither order nor balance until then', async () => {
    store.putItem('Accounts', { accountId: 'a-1', balanceCents: 7, version: 4 });
    onRead = () => store.putItem('Accounts', { accountId: 'a-1', balanceCents: 9, version: 5 });
    expect(await run(step('o-1', 'PLACED', 100))).toEqual(['orders-0@0']);
    expect(statusOf('o-1')).toBeUndefined();
    onRead = () => {};
    expect(await run(step('o-1', 'PLACED', 100))).toEqual([]);
    expect(account()).toMatchObject({ balanceCents: 109, version: 6 });
  });

  it.each([
    { what: 'a payment of nothing', before: [], status: 'PAID' },
    { what: 'a payment of what is cancelled', before: ['PLACED', 'CANCELLED'], status: 'PAID' },
    { what: 'a cancellation of what is paid', before: ['PLACED', 'PAID'], status: 'CANCELLED' },
  ])('makes a dead letter of $what and goes on', async ({ before, status }) => {
    if (before.length > 0) await run(...before.map((one) => step('o-1', one)));
    const then = account();
    expect(await run({ ...step('o-1', status), offset: 10 }, step('o-9', 'PLACED', 3, 'a-2'))).toEqual([]);
    expect(deadLetters.letters.map(({ reason, record }) => [reason, record.offset])).toEqual([['unprocessable', 10]]);
    expect(account()).toEqual(then);
    expect(statusOf('o-1')).toBe(before.at(-1));
    expect(statusOf('o-9')).toBe('PLACED');
  });

  it('takes a step later that was refused earlier', async () => {
    expect(await run(step('o-1', 'PAID'), step('o-1', 'PLACED'), step('o-1', 'PAID'))).toEqual([]);
    expect(deadLetters.letters.map(({ record }) => record.offset)).toEqual([0]);
    expect(statusOf('o-1')).toBe('PAID');
    expect(account()).toMatchObject({ balanceCents: 0, version: 2 });
  });

  it.each([
    { what: 'a tombstone', value: null, reason: 'unprocessable' },
    { what: 'no JSON', value: '{"orderId":', reason: 'undecodable' },
    { what: 'a status that it does not know', value: step('o-1', 'SHIPPED').value, reason: 'schemaViolation' },
    { what: 'an amount with fractions of a cent', value: step('o-1', 'PLACED', 1.5).value, reason: 'schemaViolation' },
    { what: 'the same step with another amount', value: step('o-0', 'PLACED', 2).value, reason: 'fingerprintMismatch' },
  ])('makes a dead letter of $what', async ({ value = null, reason }) => {
    expect(await run(step('o-0', 'PLACED'), { key: 'a-1', value })).toEqual([]);
    expect(deadLetters.letters.map((letter) => letter.reason)).toEqual([reason]);
    expect(account()).toMatchObject({ balanceCents: 1999, version: 1 });
  });

  it('cannot be loaded without its tables', async () => {
    for (const variable of ['ORDER_TABLE', 'ACCOUNT_TABLE']) {
      vi.resetModules();
      vi.stubEnv('ORDER_TABLE', 'Orders');
      vi.stubEnv('ACCOUNT_TABLE', 'Accounts');
      vi.stubEnv(variable, '');
      await expect(import('../../../handlers/order-ledger.ts')).rejects.toThrow(`${variable}: is missing`);
    }
  });
});
