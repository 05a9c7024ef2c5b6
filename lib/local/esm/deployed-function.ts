import type { InvocationResponse, InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { InvocationResult } from '../../core/esm/answer.ts';
import { maximumPayloadBytes } from '../../core/esm/batching.ts';
import { functionErrorOf } from './function-error.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { type LambdaPackage, lambdaPackage, placeOf, reasonOf } from './lambda-package.ts';

/**
 * A function that is deployed, on AWS or LocalStack.
 *
 * - `functionName`: name, ARN or partial ARN, with a version or alias if wanted.
 * - `endpoint`, `region`, `credentials`: default as for every client of the AWS SDK: from the environment.
 * - `onLog`: takes the last 4 KB of what the function wrote in each invocation; default: nobody.
 */
export interface DeployedFunctionOptions {
  readonly functionName: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly onLog?: (text: string) => void;
}

/** A deployed function, run for this process where it is deployed (`deployedFunction`) or by it (`fetchedFunction`). */
export interface DeployedFunction extends FunctionInvoker {
  /** As the function has it: a local run then differs in nothing. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends connections, and processes that run its code here; invocations under way are not waited for. */
  close(): Promise<void>;
}

/** The answer comes when the function has ended, so beyond its time-out only this much is the service's own. */
const answerMarginMs = 30_000;

/**
 * Invokes a deployed function as an event source mapping does: synchronously, one event an invocation. Its code runs with
 * its deployed environment and time-out.
 *
 * An invocation is asked for once. An answer that is lost counts as not invoked, so the event is delivered again, as Lambda
 * does it. On AWS each invocation is billed; the caller needs `lambda:InvokeFunction` and `lambda:GetFunctionConfiguration`.
 *
 * @throws ConfigurationError when there is no such function, it cannot run (its state is not `Active`), or the package
 *   `@aws-sdk/client-lambda` is not installed.
 */
export async function deployedFunction(options: DeployedFunctionOptions): Promise<DeployedFunction> {
  const { functionName } = options;
  const lambda = await lambdaPackage('deployedFunction');
  const place = placeOf(options);
  const asking = new lambda.LambdaClient(place);
  const { timeoutSeconds, environment } = await configurationOf(lambda, asking, functionName).finally(() =>
    asking.destroy(),
  );
  const client = new lambda.LambdaClient({
    ...place,
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutSeconds * 1000 + answerMarginMs, throwOnRequestTimeout: true },
  });
  return {
    timeoutSeconds,
    environment,
    async invoke(payload): Promise<InvocationResult> {
      const bytes = Buffer.byteLength(payload);
      // LocalStack would take it.
      if (bytes > maximumPayloadBytes) {
        return { kind: 'notInvoked', reason: `the event has ${bytes} bytes, Lambda takes ${maximumPayloadBytes}` };
      }
      const input: InvokeCommandInput = { FunctionName: functionName, Payload: payload, LogType: 'Tail' };
      try {
        const response = await client.send(new lambda.InvokeCommand(input));
        options.onLog?.(Buffer.from(response.LogResult ?? '', 'base64').toString());
        return resultOf(response);
      } catch (error) {
        return { kind: 'notInvoked', reason: reasonOf(error) };
      }
    },
    async close(): Promise<void> {
      client.destroy();
    },
  };
}

async function configurationOf(
  { GetFunctionConfigurationCommand }: LambdaPackage,
  client: LambdaClient,
  functionName: string,
): Promise<{ readonly timeoutSeconds: number; readonly environment: Readonly<Record<string, string>> }> {
  const asked = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const found = await client.send(asked).catch((cause: unknown) => {
    throw new ConfigurationError('functionName', `is '${functionName}', and ${reasonOf(cause)}`, { cause });
  });
  const { State: state = 'Active', StateReason: why = 'no reason given', Timeout: timeoutSeconds = 3 } = found;
  if (state !== 'Active' && state !== 'Inactive') {
    throw new ConfigurationError('functionName', `is '${functionName}', which cannot run: it is ${state} (${why})`);
  }
  return { timeoutSeconds, environment: found.Environment?.Variables ?? {} };
}

function resultOf({ FunctionError, Payload }: InvocationResponse): InvocationResult {
  const payload = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) return functionErrorOf(payload);
  return { kind: 'returned', payload: payload === '' ? 'null' : payload };
}
