import { expect, it } from 'vitest';
import { databaseName } from '../../../local/demo/report.ts';

it.each([
  ['3.1.0', 'DynamoDB Local 3.1.0'],
  ['LocalStack 4.14.0', 'DynamoDB of LocalStack 4.14.0'],
  ['unknown', 'DynamoDB Local unknown'],
])('names the database of version %s', (version, name) => {
  expect(databaseName(version)).toBe(name);
});
