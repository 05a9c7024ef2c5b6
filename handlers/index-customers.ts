import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import {
  type HandlerContext,
  json,
  type KafkaLambdaHandler,
  type KafkaRecord,
  kafkaHandler,
  text,
  UnprocessableRecordError,
} from '../lib/index.ts';
import { requiredVariable } from './required-variable.ts';

export interface Customer {
  readonly name: string;
  readonly email: string;
}

const customerValue = json(z.object({ name: z.string(), email: z.string() }));
const tableName = requiredVariable('CUSTOMER_TABLE');
const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const deletedForSeconds = 30 * 86_400;

/**
 * Keeps the latest state of a customer.
 *
 * The write is for a newer record only, so one that is delivered again cannot go back in time. A deletion leaves key and
 * place behind until the table's TTL on `expiresAt`: without them a late repeat of an older state would bring it back.
 *
 * A topic that is deleted and made again restarts its offsets: what it says of a customer is ignored until its offset
 * passes the one in the table. Before the function reads the new topic, its operator must empty the table or point
 * `CUSTOMER_TABLE` at an empty one, and, where records come back with their old offset and time (a mirrored topic), set
 * another `KAFKA_ONCE_NAMESPACE`, because their markers are completed.
 */
export async function indexCustomer(
  { key: customerId, value: customer, partition, offset, timestampMs = 0 }: KafkaRecord<Customer, string>,
  { signal }: Pick<HandlerContext, 'signal'>,
): Promise<void> {
  if (customerId === null) throw new UnprocessableRecordError('a customer needs a Kafka key');
  const deleted = { deleted: true, expiresAt: Math.floor(timestampMs / 1000) + deletedForSeconds };
  const put = new PutCommand({
    TableName: tableName,
    Item: { customerId, partition, offset, timestampMs, ...(customer ?? deleted) },
    // A customer changes its partition only when the topic is given more of them; offsets say nothing then.
    ConditionExpression:
      'attribute_not_exists(customerId) OR (#partition = :partition AND #offset < :offset)' +
      ' OR (#partition <> :partition AND timestampMs < :timestampMs)',
    ExpressionAttributeNames: { '#partition': 'partition', '#offset': 'offset' },
    ExpressionAttributeValues: { ':partition': partition, ':offset': offset, ':timestampMs': timestampMs },
  });
  try {
    await documents.send(put, { abortSignal: signal });
  } catch (error) {
    // Something newer is there: nothing is left to do.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/**
 * Keeps the table `CUSTOMER_TABLE` (partition key `customerId`) as a compacted topic has it.
 *
 * There is no business ID: each record is a state of its own, also one that says what an earlier one said.
 */
export const handler: KafkaLambdaHandler = kafkaHandler({
  key: text(),
  value: customerValue,
  ordering: 'key',
  handle: indexCustomer,
});
