import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../../core/errors/errors.ts';

/** One retry, then Lambda delivers the record again anyway; without time-outs a dead server would use up the invocation. */
const defaults: ClientDefaults = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
};

interface ClientDefaults {
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

export function defaultSqsClient(sqs: typeof import('@aws-sdk/client-sqs')): SQSClient {
  return new sqs.SQSClient(defaults);
}

export function defaultS3Client(s3: typeof import('@aws-sdk/client-s3')): S3Client {
  return new s3.S3Client(defaults);
}

/** What the loader of an optional package throws. A bundle may not have it because Lambda's Node.js runtimes do. */
export function notLoaded(name: string, cause: unknown): ConfigurationError {
  const message = `the package ${name} could not be loaded; outside of Lambda, install it: npm install ${name}`;
  return new ConfigurationError('deadLetters', message, { cause });
}
