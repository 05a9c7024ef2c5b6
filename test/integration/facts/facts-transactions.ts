import {
  BatchGetItemCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { type FactsTable, type Failure, factsTable, failureOf, type Item, n, s } from './facts-table.ts';

export interface Refusal extends Failure {
  readonly message: string;
  /** One code for each action, `None` for one that is not to blame; undefined where the error has no reasons. */
  readonly codes: readonly (string | undefined)[] | undefined;
  readonly items: readonly (Item | undefined)[] | undefined;
}

export interface FactsTransactions {
  readonly table: FactsTable;
  transact(
    actions: TransactWriteItem[],
    options?: { readonly token?: string; readonly through?: DynamoDBClient },
  ): Promise<TransactWriteItemsCommandOutput>;
  /** The error that a transaction is refused with. Throws if it is carried out. */
  refusal(
    actions: TransactWriteItem[],
    options?: { readonly token?: string; readonly through?: DynamoDBClient },
  ): Promise<Refusal>;
  put(id: string, more?: Item): TransactWriteItem;
  /** A put that is refused where there is an item already, and then shows it. */
  marker(id: string, more?: Item): TransactWriteItem;
  add(id: string, by?: number): TransactWriteItem;
  update(id: string, expression: string, values: Item, condition?: string): TransactWriteItem;
  /** Those of the ids that there are items for, by one consistent read of at most 100. */
  present(ids: readonly string[], through?: DynamoDBClient): Promise<string[]>;
}

export const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

export async function factsTransactions(): Promise<FactsTransactions> {
  const table = await factsTable();
  const TableName = table.name;
  const transact: FactsTransactions['transact'] = (TransactItems, { token, through = table.client } = {}) =>
    through.send(
      new TransactWriteItemsCommand({
        TransactItems,
        ...(token === undefined ? {} : { ClientRequestToken: token }),
      }),
    );
  const update: FactsTransactions['update'] = (id, UpdateExpression, ExpressionAttributeValues, condition) => ({
    Update: {
      TableName,
      Key: { id: s(id) },
      UpdateExpression,
      ExpressionAttributeValues,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
  return {
    table,
    transact,
    refusal: async (actions, options) => {
      const sent = transact(actions, options);
      const failure = await failureOf(sent);
      const error: unknown = await sent.catch((thrown: unknown) => thrown);
      const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : undefined;
      return {
        ...failure,
        message: error instanceof Error ? error.message : '',
        codes: reasons?.map((reason) => reason.Code),
        items: reasons?.map((reason) => reason.Item),
      };
    },
    put: (id, more = {}) => ({ Put: { TableName, Item: { id: s(id), ...more } } }),
    marker: (id, more = {}) => ({
      Put: {
        TableName,
        Item: { id: s(id), ...more },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    }),
    add: (id, by = 1) => update(id, 'ADD amount :by', { ':by': n(by) }),
    update,
    present: async (ids, through = table.client) => {
      const Keys = ids.map((id) => ({ id: s(id) }));
      const RequestItems = {
        [TableName]: { Keys, ConsistentRead: true, ProjectionExpression: 'id' },
      };
      const { Responses } = await through.send(new BatchGetItemCommand({ RequestItems }));
      return (Responses?.[TableName] ?? []).flatMap((item) => item.id?.S ?? []);
    },
  };
}
