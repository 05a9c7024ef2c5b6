import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as clients from './clients.ts';
import { createStack, type Stack } from './stack.ts';

const endpoint = inject('localStackUrl');
const dynamoDb = clients.dynamoDb(endpoint);
const sqs = clients.sqs(endpoint);
const s3 = clients.s3(endpoint);

describe('table, queue and bucket of a CloudFormation stack on LocalStack', () => {
  let stack: Stack;
  let table: string;

  beforeAll(async () => {
    stack = await createStack(endpoint, {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
        },
      },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 },
      },
      Bucket: { Type: 'AWS::S3::Bucket' },
    });
    table = stack.physicalId('Table');
  });
  afterAll(() => stack.remove());

  it('are created', () => {
    expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  });

  it('give an on-demand table with time to live', async () => {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: table }));
    const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(TimeToLiveDescription).toEqual({ AttributeName: 'expiration', TimeToLiveStatus: 'ENABLED' });
  });

  it('write a transaction whole or not at all, and say which item was in the way', async () => {
    const put = (id: string): TransactWriteItem => ({
      Put: {
        TableName: table,
        Item: { id: { S: id } },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
    await dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: [put('t1'), put('t2')] }));
    const refused = await dynamoDb
      .send(new TransactWriteItemsCommand({ TransactItems: [put('t3'), put('t2')] }))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TransactionCanceledException);
    expect(refused).toMatchObject({
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: 't2' } } }],
    });
    const get = new GetItemCommand({ TableName: table, Key: { id: { S: 't3' } }, ConsistentRead: true });
    expect((await dynamoDb.send(get)).Item).toBeUndefined();
  });

  it('answer each PartiQL statement of a batch for itself', async () => {
    const insert = (id: string): BatchStatementRequest => ({
      Statement: `INSERT INTO "${table}" VALUE {'id': ?, 'owner': ?}`,
      Parameters: [{ S: id }, { S: 'me' }],
    });
    const complete = (id: string, owner: string): BatchStatementRequest => ({
      Statement: `UPDATE "${table}" SET "status" = ? WHERE "id" = ? AND "owner" = ?`,
      Parameters: [{ S: 'COMPLETED' }, { S: id }, { S: owner }],
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const send = async (...Statements: BatchStatementRequest[]): Promise<unknown> =>
      (await dynamoDb.send(new BatchExecuteStatementCommand({ Statements }))).Responses;

    await send(insert('p1'), insert('p2'));
    expect(await send(insert('p1'), insert('p3'), complete('p2', 'other'))).toMatchObject([
      { Error: { Code: 'DuplicateItem' } },
      {},
      { Error: { Code: 'ConditionalCheckFailed', Item: { id: { S: 'p2' }, owner: { S: 'me' } } } },
    ]);
    await send(complete('p2', 'me'));
    const get = new GetItemCommand({ TableName: table, Key: { id: { S: 'p2' } }, ConsistentRead: true });
    expect((await dynamoDb.send(get)).Item).toEqual({
      id: { S: 'p2' },
      owner: { S: 'me' },
      status: { S: 'COMPLETED' },
    });
  });

  it('send and receive by the queue URL of the stack', async () => {
    const QueueUrl = stack.physicalId('Queue');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a dead letter' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a dead letter']);
    expect(Attributes).toMatchObject({ SqsManagedSseEnabled: 'true', MessageRetentionPeriod: '1209600' });
  });

  it('keep an object in the bucket', async () => {
    const object = { Bucket: stack.physicalId('Bucket'), Key: 'topic/0/1' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'too large for the queue' }));
    const { Body } = await s3.send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe('too large for the queue');
  });
});
