import type { TestProject } from 'vitest/node';
import { startParts } from '../../lib/local/parts/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    kafkaBrokers: string[];
    dynamodbEndpoint: string;
    sqsEndpoint: string;
    s3Endpoint: string;
    kafkaVersion: string;
    dynamodbVersion: string;
    /** What a child process needs to find the parts with default clients. */
    partsEnv: Record<string, string>;
  }
}

/** Starts all parts once for the whole run; test files take their endpoints with `inject`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const onProgress = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const parts = await startParts({ kafka: true, dynamodb: true, sqs: true, s3: true, onProgress });
  project.provide('kafkaBrokers', [...parts.brokers]);
  project.provide('dynamodbEndpoint', parts.dynamodb);
  project.provide('sqsEndpoint', parts.sqs);
  project.provide('s3Endpoint', parts.s3);
  project.provide('kafkaVersion', parts.kafkaVersion);
  project.provide('dynamodbVersion', parts.dynamodbVersion);
  project.provide('partsEnv', { ...parts.env });
  // The same for clients that are made without an endpoint; workers start with this environment.
  Object.assign(process.env, parts.env);
  return () => parts.stop();
}
