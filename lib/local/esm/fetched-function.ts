import { rm } from 'node:fs/promises';
import type { GetFunctionResponse, LambdaClient } from '@aws-sdk/client-lambda';
import { ConfigurationError } from '../../core/errors/errors.ts';
import { atEndpoint } from '../localstack/localstack-name.ts';
import { childProcessFunction } from './child-process-function.ts';
import type { DeployedFunction, DeployedFunctionOptions } from './deployed-function.ts';
import { type FetchedCode, fetchCode } from './fetched-code.ts';
import { lambdaPackage, placeOf, reasonOf } from './lambda-package.ts';

/**
 * Runs the code of a deployed function in processes of this machine, with its deployed environment, time-out and memory:
 * for a LocalStack whose functions run in containers and so do not reach what the test has at 127.0.0.1.
 *
 * LocalStack's name for itself, `localhost.localstack.cloud`, becomes its endpoint in them, and so queue URLs need no DNS.
 *
 * The code is what `GetFunction` gives when this is called; call it again after a change, or for a cold start. The function's
 * AWS clients go to the same endpoint, with the same Region and credentials, as this one's: on AWS it would act there with
 * the caller's rights, not those of its role.
 *
 * @throws ConfigurationError when there is no such function, it is no zip archive for a `nodejs` runtime, its code cannot be
 *   fetched, or the package `@aws-sdk/client-lambda` is not installed.
 */
export async function fetchedFunction(options: DeployedFunctionOptions): Promise<DeployedFunction> {
  const lambda = await lambdaPackage('fetchedFunction');
  const client = new lambda.LambdaClient(placeOf(options));
  try {
    const asked = new lambda.GetFunctionCommand({ FunctionName: options.functionName });
    const found = await client.send(asked).catch((cause: unknown) => {
      const message = `is '${options.functionName}', and ${reasonOf(cause)}`;
      throw new ConfigurationError('functionName', message, { cause });
    });
    const { Configuration: { Runtime: runtime = 'a container image', Handler: handler = '' } = {}, Code } = found;
    if (!runtime.startsWith('nodejs') || Code?.Location === undefined) {
      const message = `is '${options.functionName}', which cannot run here: it is ${runtime}, not nodejs`;
      throw new ConfigurationError('functionName', message);
    }
    const { endpoint = process.env.AWS_ENDPOINT_URL } = options;
    const local = (text: string): string => atEndpoint(text, endpoint);
    const code = await fetchCode(local(Code.Location), handler);
    const variables = Object.entries(found.Configuration?.Environment?.Variables ?? {});
    const environment = Object.fromEntries(variables.map(([name, value]) => [name, local(value)]));
    return run(found, code, environment, { ...options, ...(await identityOf(client, endpoint)) });
  } finally {
    client.destroy();
  }
}

function run(
  { Configuration: configuration = {} }: GetFunctionResponse,
  { folder, entry, handlerName }: FetchedCode,
  environment: Readonly<Record<string, string>>,
  { functionName, onLog, region, identity }: DeployedFunctionOptions & Identity,
): DeployedFunction {
  const { invoke, timeoutSeconds, close } = childProcessFunction({
    entry,
    handlerName,
    functionName: configuration.FunctionName ?? functionName,
    region,
    environment: { ...environment, ...identity },
    timeoutSeconds: configuration.Timeout ?? 3,
    memoryMb: configuration.MemorySize ?? 128,
    onOutput: (_, chunk) => onLog?.(Buffer.from(chunk).toString()),
  });
  return {
    timeoutSeconds,
    environment,
    invoke,
    async close(): Promise<void> {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What tells the function's clients where and who they are, as Lambda does. */
interface Identity {
  readonly region: string;
  readonly identity: Readonly<Record<string, string>>;
}

async function identityOf({ config }: LambdaClient, endpoint: string | undefined): Promise<Identity> {
  const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
  return {
    region: await config.region(),
    identity: {
      ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    },
  };
}
