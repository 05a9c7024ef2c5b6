import { describe, expect, it } from 'vitest';
import { atEndpoint } from '../../../lib/local/localstack/localstack-name.ts';

describe("LocalStack's name for itself", () => {
  it.each([
    ['http://localhost.localstack.cloud:4566/queue/q', 'http://127.0.0.1:4566/queue/q'],
    [
      '{"a":"http://localhost.localstack.cloud:4566","b":"http://localhost.localstack.cloud:4566/"}',
      '{"a":"http://127.0.0.1:4566","b":"http://127.0.0.1:4566/"}',
    ],
    ['http://localhost.localstack.cloud:45660/', 'http://localhost.localstack.cloud:45660/'],
    ['http://localhost.localstack.cloud/', 'http://localhost.localstack.cloud/'],
    ['http://localhostxlocalstack.cloud:4566/', 'http://localhostxlocalstack.cloud:4566/'],
    ['https://sqs.eu-central-1.amazonaws.com/1/q', 'https://sqs.eu-central-1.amazonaws.com/1/q'],
  ])('in %j becomes the endpoint of the same port', (text, expected) => {
    expect(atEndpoint(text, 'http://127.0.0.1:4566/')).toBe(expected);
  });

  it.each([undefined, 'no URL', 'https://lambda.eu-central-1.amazonaws.com'])(
    'stays where the endpoint is %j',
    (endpoint) => {
      const text = 'http://localhost.localstack.cloud:4566/ http://localhost.localstack.cloud:/';
      expect(atEndpoint(text, endpoint)).toBe(text);
    },
  );
});
