import { dirname } from 'node:path';

/** What the environment variables of a function tell about it. */
export interface FunctionIdentity {
  readonly entry: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly region: string;
  readonly memoryMb: number;
  /** The variables that the function's owner set; they win, as far as Lambda lets them. */
  readonly own: Readonly<Record<string, string>>;
}

const passedOn = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];

/** The variables Lambda sets for a Node function. Source: developer guide, "Defined runtime environment variables". */
export function lambdaVariables(identity: FunctionIdentity): Record<string, string> {
  const { entry, exportName, functionName, region, memoryMb, own } = identity;
  const inherited = passedOn.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...Object.fromEntries(inherited),
    ...own,
    _HANDLER: `index.${exportName}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${functionName}`,
    LAMBDA_TASK_ROOT: dirname(entry),
    // Not Lambda's: there the ARN comes with each invocation. No KAFKA_ONCE_ name: the handler refuses those it does not know.
    LOCAL_FUNCTION_ARN: `arn:aws:lambda:${region}:000000000000:function:${functionName}`,
  };
}
