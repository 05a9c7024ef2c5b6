import type { TestProject } from 'vitest/node';
import { startLocalStack } from '../../lib/local/localstack/start-localstack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly localStackUrl: string;
  }
}

/** One LocalStack for all test files of the project; each makes stacks of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const localStack = await startLocalStack();
  project.provide('localStackUrl', localStack.endpointUrl);
  return localStack.stop;
}
