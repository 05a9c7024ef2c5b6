import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../../../lib/adapters/dynamodb/dynamodb-store.ts';

const tableName = 'idempotency';
const make = (...options: readonly unknown[]): unknown => Reflect.apply(dynamoDbStore, undefined, options);

describe('the options of dynamoDbStore', () => {
  it('are a table, and a client or none', () => {
    expect(make({ tableName })).toHaveProperty('insert');
    expect(make({ tableName, client: undefined })).toHaveProperty('insert');
    expect(make({ tableName, client: new DynamoDBClient({ region: 'us-east-1' }) })).toHaveProperty('insert');
  });

  it.each([
    ['a mistyped option', 'table', { tableName, table: 'x' }],
    ['no table', 'tableName', {}],
    ['a client without send', 'client', { tableName, client: { config: {} } }],
    ['a client that is none', 'client', { tableName, client: 'eu-west-1' }],
    ['null', 'options', null],
    ['the name of a table', 'options', tableName],
  ])('refuse %s', (_, property, options) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: 'ConfigurationError', property }));
  });

  it('are named where there are none', () => {
    expect(() => make()).toThrow('options: dynamoDbStore needs an object with tableName, ');
    expect(() => make({ tableName, table: 'x' })).toThrow(
      'table: is no option of dynamoDbStore; there are tableName, ',
    );
  });
});
