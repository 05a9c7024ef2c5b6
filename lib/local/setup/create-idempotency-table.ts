import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { namedServer } from '../parts/named-servers.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../parts/probe.ts';

const keyName = 'id';
const ttlName = 'expiration';
const maxWaitSeconds = 60;

/**
 * Makes the table that `dynamoDbStore` needs, or leaves it as it is: partition key `id` (a string), on-demand, TTL on
 * `expiration`. Resolves when it can be used.
 *
 * `endpoint` is a URL, `parts.dynamodb`. Where the environment names it (`AWS_ENDPOINT_URL_DYNAMODB`,
 * `AWS_ENDPOINT_URL`), Region and credentials are those of the environment too.
 *
 * @throws ConfigurationError if a table of this name has another key, or its TTL on another attribute.
 */
export async function createIdempotencyTable(options: {
  readonly endpoint: string;
  readonly tableName: string;
}): Promise<void> {
  const { endpoint, tableName } = options;
  const isNamed = namedServer('dynamodb', process.env)?.endpoint === endpoint;
  const local = isNamed ? {} : { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  const client = new DynamoDBClient({ endpoint, ...local });
  try {
    await createTable(client, tableName);
    await waitUntilTableExists({ client, maxWaitTime: maxWaitSeconds, minDelay: 1 }, { TableName: tableName });
    await checkKey(client, tableName);
    await expire(client, tableName);
  } finally {
    client.destroy();
  }
}

async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: keyName, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: keyName, AttributeType: 'S' }],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

async function checkKey(client: DynamoDBClient, tableName: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const [first, ...more] = Table?.KeySchema ?? [];
  const type = Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === keyName)?.AttributeType;
  if (first?.AttributeName === keyName && more.length === 0 && type === 'S') return;
  const message = `${tableName} is there with another key than ${keyName}, a string, alone; delete it or choose a new name`;
  throw new ConfigurationError('tableName', message);
}

async function expire(client: DynamoDBClient, tableName: string): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: ttlName, Enabled: true };
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification }));
  } catch (cause) {
    // Refused where it is on already.
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
    const { TimeToLiveStatus: status, AttributeName: attribute } = TimeToLiveDescription ?? {};
    if (status !== 'ENABLED' && status !== 'ENABLING') throw cause;
    if (attribute === ttlName) return;
    throw new ConfigurationError('tableName', `${tableName} is there with TTL on ${attribute}, not on ${ttlName}`, {
      cause,
    });
  }
}
