/**
 * The program of an execution environment: loads a handler module and runs one invocation at a time for its parent.
 *
 * Arguments: URL of the module, name of the export. It ends when its parent does.
 */
import { hrtime } from 'node:process';
import { type InvokeMessage, isInvokeMessage, type RuntimeMessage } from './runtime-protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const [, , moduleUrl = '', exportName = ''] = process.argv;

process.once('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole process group; it is for the parent to say what becomes of the invocation.
process.on('SIGINT', () => {});

const handler = await load().catch((error: unknown) => {
  const description = described(error);
  tell({ kind: 'initFailed', ...description, errorType: initErrorType(error, description.errorType) });
  return undefined;
});
if (handler !== undefined) {
  process.on('message', (message: unknown) => {
    if (isInvokeMessage(message)) {
      void run(handler, message);
    }
  });
  tell({ kind: 'ready' });
}

async function load(): Promise<Handler> {
  const module: unknown = await import(moduleUrl);
  const exported = typeof module === 'object' && module !== null ? Reflect.get(module, exportName) : undefined;
  if (!isHandler(exported)) {
    const error = new Error(`${exportName} is undefined or not exported`);
    error.name = 'Runtime.HandlerNotFound';
    throw error;
  }
  return exported;
}

async function run(handle: Handler, message: InvokeMessage): Promise<void> {
  try {
    const result: unknown = await handle(JSON.parse(message.payload), context(message));
    tell({ kind: 'returned', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    const description = described(error);
    // As Lambda's runtime does: the error goes to the logs of the function too.
    const line = `${new Date().toISOString()}\t${message.requestId}\tERROR\tInvoke Error \t${JSON.stringify(description)}`;
    process.stderr.write(`${line}\n`);
    tell({ kind: 'failed', ...description });
  }
}

function context({ requestId, deadlineMs }: InvokeMessage): object {
  const env = process.env;
  // Elapsed time, because the wall clock may be set while the handler runs.
  const startedAtNs = hrtime.bigint();
  const budgetMs = deadlineMs - Date.now();
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: env.LOCAL_FUNCTION_ARN,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(budgetMs - Number(hrtime.bigint() - startedAtNs) / 1e6)),
  };
}

function tell(message: RuntimeMessage): void {
  process.send?.(message);
}

function described(error: unknown): { errorType: string; errorMessage: string; stackTrace: string } {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, stackTrace: error.stack ?? '' };
  }
  return { errorType: typeof error, errorMessage: text(error), stackTrace: '' };
}

/** The names that Lambda's Node runtime gives to faults of loading. */
function initErrorType(error: unknown, errorType: string): string {
  if (error instanceof SyntaxError) {
    return 'Runtime.UserCodeSyntaxError';
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' ? 'Runtime.ImportModuleError' : errorType;
}

function text(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'a value that has no text';
  }
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
