import { DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { attempt } from '../attempt.ts';
import { createTable } from '../create-table.ts';
import type { Books } from './books.ts';

const order = z.object({ orderId: z.string(), accountId: z.string(), amountCents: z.number(), status: z.string() });
const account = z.object({ accountId: z.string(), balanceCents: z.number(), version: z.number() });

/** The tables of the ledger as the audit sees them: directly, not through the proxy that the function has to use. */
export class LedgerTables implements AsyncDisposable {
  readonly #client: DynamoDBClient;
  readonly orders: string;
  readonly accounts: string;

  private constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.orders = `${name}-orders`;
    this.accounts = `${name}-accounts`;
  }

  static async create(client: DynamoDBClient, name: string): Promise<LedgerTables> {
    const tables = new LedgerTables(client, name);
    await createTable(client, tables.orders, 'orderId');
    await createTable(client, tables.accounts, 'accountId');
    return tables;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const TableName of [this.orders, this.accounts]) {
      await attempt(this.#client.send(new DeleteTableCommand({ TableName })));
    }
  }

  async read(): Promise<Books> {
    const orders = (await this.#items(this.orders)).map((item) => order.parse(item));
    const accounts = (await this.#items(this.accounts)).map((item) => account.parse(item));
    return {
      orders: new Map(orders.map(({ orderId, ...row }) => [orderId, row])),
      accounts: new Map(accounts.map(({ accountId, ...row }) => [accountId, row])),
    };
  }

  async #items(TableName: string): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    const client = DynamoDBDocumentClient.from(this.#client);
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
      items.push(...Items);
    return items;
  }
}
