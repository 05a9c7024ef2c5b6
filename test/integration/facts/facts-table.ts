import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';

export const dynamodbEndpoint = (): string => inject('dynamodbEndpoint');

export type Item = Record<string, AttributeValue>;

export const s = (value: string): AttributeValue => ({ S: value });
export const n = (value: number | string): AttributeValue => ({ N: String(value) });

export function clientFor(endpoint: string, more: DynamoDBClientConfig = {}): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials, ...more });
}

export interface FactsTable {
  readonly name: string;
  readonly client: DynamoDBClient;
  /** Sends statements in one request, by the given client or by one that talks to the server without a detour. */
  batch(statements: BatchStatementRequest[], through?: DynamoDBClient): Promise<BatchStatementResponse[]>;
  item(id: string): Promise<Item | undefined>;
  put(item: Item): Promise<void>;
  claim(id: string, owner?: string): BatchStatementRequest;
}

export async function factsTable(): Promise<FactsTable> {
  const name = `facts.${randomUUID()}`;
  const client = clientFor(dynamodbEndpoint());
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 2, maxWaitTime: 20 }, { TableName: name });
  return {
    name,
    client,
    batch: async (Statements, through = client) =>
      (await through.send(new BatchExecuteStatementCommand({ Statements }))).Responses ?? [],
    item: async (id) =>
      (await client.send(new GetItemCommand({ TableName: name, Key: { id: s(id) }, ConsistentRead: true }))).Item,
    put: async (Item) => void (await client.send(new PutItemCommand({ TableName: name, Item }))),
    claim: (id, owner = 'owner-1') => ({
      Statement: `INSERT INTO "${name}" VALUE {'id': ?, 'status': ?, 'expiration': ?, 'in_progress_expiration': ?, 'owner': ?, 'fence': ?, 'attempts': ?, 'source': ?}`,
      Parameters: [s(id), s('INPROGRESS'), n(2e9), n(1e12), s(owner), n(1), n(1), s('orders-3@17')],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  };
}

/** Error codes by member, `ok` for a member without an error. */
export const codes = (members: BatchStatementResponse[]): string[] =>
  members.map((member) => member.Error?.Code ?? 'ok');

export interface Failure {
  readonly name: string;
  readonly code: unknown;
  readonly status: unknown;
  readonly attempts: unknown;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** What an adapter can tell failures apart by. Throws if the promise resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('The request succeeded where a failure was expected.');
  const metadata = field(error, '$metadata');
  return {
    name: error.name,
    code: field(error, 'code'),
    status: field(metadata, 'httpStatusCode'),
    attempts: field(metadata, 'attempts'),
  };
}
