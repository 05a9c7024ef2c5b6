import type { TestProject } from 'vitest/node';
import {
  deployToLocalStack,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  startLocalStack,
  startParts,
} from '../../lib/local/index.ts';
import { sharedContext, stackName } from './app.ts';
import { startGateway } from './gateway.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly localStackUrl: string;
    /** False where functions run in containers. */
    readonly functionsReachLoopback: boolean;
    /** Where the deployed charge-orders charges. */
    readonly gatewayUrl: string;
    /** Context of the deployed app that does not depend on its source. */
    readonly sharedContext: Record<string, string>;
    /** Outputs of the deployed stack. */
    readonly stackOutputs: Record<string, string>;
  }
}

/** One LocalStack with one deployment of the app, a Kafka and a gateway, for all test files of the project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = new AsyncDisposableStack();
  try {
    const localStack = running.use(await startLocalStack());
    const gateway = running.use(await startGateway());
    const { endpointUrl } = localStack;
    const [parts, outputs] = await Promise.all([
      startParts({ kafka: true }),
      deployToLocalStack({
        endpointUrl,
        context: { ...sharedContext, localstack: 'true', paymentGatewayUrl: gateway.url },
      }),
    ]);
    running.use(parts);
    project.provide('localStackUrl', endpointUrl);
    project.provide('functionsReachLoopback', localStack.functionsReachLoopback);
    project.provide('gatewayUrl', gateway.url);
    project.provide('sharedContext', { ...sharedContext });
    project.provide('stackOutputs', { ...outputs[stackName] });
    project.provide('kafkaBrokers', [...parts.brokers]);
    // So that suites written for the other servers find the deployed resources.
    project.provide('dynamodbEndpoint', endpointUrl);
    project.provide('sqsEndpoint', endpointUrl);
    project.provide('s3Endpoint', endpointUrl);
    project.provide('partsEnv', {
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    });
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
  return () => running.disposeAsync();
}
