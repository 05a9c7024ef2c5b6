import {
  BatchExecuteStatementCommand,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, NoSuchBucket, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  dynamodbClient,
  freshBucket,
  freshName,
  freshQueue,
  freshTable,
  s3Client,
  sqsClient,
} from '../../support/fresh.ts';

describe('DynamoDB Local', () => {
  it('commits a transaction whole and refuses one whole, with the old item of the condition that failed', async () => {
    const table = await freshTable();
    const client = dynamodbClient();
    const put = (id: string) => ({
      Put: {
        TableName: table,
        Item: { id: { S: id } },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    });
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put('a'), put('b')] }));

    const refused = await client
      .send(new TransactWriteItemsCommand({ TransactItems: [put('c'), put('a')] }))
      .catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(TransactionCanceledException);
    if (!(refused instanceof TransactionCanceledException)) return;
    expect(refused.CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ConditionalCheckFailed']);
    expect(refused.CancellationReasons?.[1]?.Item).toEqual({ id: { S: 'a' } });
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: 'c' } } }));
    expect(Item).toBeUndefined();
    client.destroy();
  });

  it('answers each statement of a PartiQL batch on its own', async () => {
    const table = await freshTable();
    const client = dynamodbClient();
    const insert = (id: string) => ({ Statement: `INSERT INTO "${table}" VALUE {'id': ?}`, Parameters: [{ S: id }] });
    await client.send(new BatchExecuteStatementCommand({ Statements: [insert('a')] }));

    const { Responses } = await client.send(
      new BatchExecuteStatementCommand({ Statements: [insert('a'), insert('b'), insert('c')] }),
    );

    expect(Responses?.map((response) => response.Error?.Code)).toEqual(['DuplicateItem', undefined, undefined]);
    client.destroy();
  });
});

describe('SQS', () => {
  it('sends and receives messages with any text', async () => {
    const queue = await freshQueue();
    const client = sqsClient();
    const bodies = ['{"ü": "€ \u{1F600}"}', 'x'.repeat(200 * 1024)];
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: bodies.map((body, index) => ({ Id: `${index}`, MessageBody: body })),
      }),
    );

    const received = new Set<string>();
    while (received.size < bodies.length) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        received.add(Body);
        await client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
      }
    }

    expect([...received].sort()).toEqual([...bodies].sort());
    client.destroy();
  });
});

describe('S3', () => {
  it('keeps an object of 5 MiB with its metadata', async () => {
    const bucket = await freshBucket();
    const client = s3Client();
    const body = Buffer.alloc(5 * 1024 * 1024, 7);
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'a/b@1', Body: body, Metadata: { topic: 'orders' } }),
    );

    const got = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'a/b@1' }));

    expect(got.Metadata).toEqual({ topic: 'orders' });
    const bytes = await got.Body?.transformToByteArray();
    expect(bytes !== undefined && body.equals(bytes)).toBe(true);
    client.destroy();
  });

  it('says when there is no such bucket', async () => {
    const client = s3Client();
    const put = client.send(new PutObjectCommand({ Bucket: freshName('none'), Key: 'a', Body: 'b' }));
    await expect(put).rejects.toBeInstanceOf(NoSuchBucket);
    client.destroy();
  });
});
