import { BatchGetItemCommand, DeleteTableCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { createTable } from './create-table.ts';

const keysInRequest = 100;

/** The idempotency table as the audit sees it: directly, not through the proxy that the function has to use. */
export class MarkerTable {
  readonly #client: DynamoDBClient;
  readonly name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  async create(): Promise<void> {
    await createTable(this.#client, this.name, 'id');
  }

  async drop(): Promise<void> {
    await this.#client.send(new DeleteTableCommand({ TableName: this.name }));
  }

  /** Those of the keys that have a completed marker. */
  async completed(idempotencyKeys: readonly string[]): Promise<ReadonlySet<string>> {
    const unique = [...new Set(idempotencyKeys)];
    const completed = new Set<string>();
    for (let from = 0; from < unique.length; from += keysInRequest) {
      let wanted = unique.slice(from, from + keysInRequest);
      while (wanted.length > 0) {
        const keys = wanted.map((id) => ({ id: { S: id } }));
        const request = { [this.name]: { Keys: keys, ConsistentRead: true } };
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetItemCommand({ RequestItems: request }),
        );
        for (const { id, status } of Responses?.[this.name] ?? []) {
          if (id?.S !== undefined && status?.S === 'COMPLETED') completed.add(id.S);
        }
        const left = UnprocessedKeys?.[this.name]?.Keys ?? [];
        wanted = left.flatMap(({ id }) => (id?.S === undefined ? [] : [id.S]));
      }
    }
    return completed;
  }

  /** The keys of all completed markers. */
  async allCompleted(): Promise<ReadonlySet<string>> {
    const completed = new Set<string>();
    const pages = paginateScan({ client: this.#client }, { TableName: this.name, ConsistentRead: true });
    for await (const { Items = [] } of pages) {
      for (const { id, status } of Items) {
        if (id?.S !== undefined && status?.S === 'COMPLETED') completed.add(id.S);
      }
    }
    return completed;
  }
}
