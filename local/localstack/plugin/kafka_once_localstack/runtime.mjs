// The part of Lambda's Node runtime that a function needs: loads `_HANDLER` from `LAMBDA_TASK_ROOT`, then answers one invocation a line.
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const answersFd = Number(process.env.KAFKA_ONCE_ANSWERS_FD);
delete process.env.KAFKA_ONCE_ANSWERS_FD;

const answer = (value) => {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(answersFd, line, written);
};

const describeError = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const loadHandler = async () => {
  const root = process.env.LAMBDA_TASK_ROOT;
  const [, module, name] = /^(.*?[^/.]*)\.(.+)$/.exec(process.env._HANDLER) ?? [];
  const file = ['.js', '.mjs', '.cjs'].map((ending) => join(root, module + ending)).find((path) => existsSync(path));
  if (file === undefined) {
    throw Object.assign(new Error(`Cannot find module '${module}'`), { name: 'Runtime.ImportModuleError' });
  }
  const loaded = await import(pathToFileURL(file).href);
  const find = (from) => name.split('.').reduce((value, part) => value?.[part], from);
  const handler = find(loaded) ?? find(loaded.default);
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return handler;
};

const contextOf = (invocation) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  invokedFunctionArn: invocation.functionArn,
  awsRequestId: invocation.requestId,
  getRemainingTimeInMillis: () => Math.max(0, invocation.deadlineMs - Date.now()),
});

const invoke = async (handler, invocation) => {
  process.env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    answer({ payload: JSON.stringify(result ?? null) });
  } catch (error) {
    answer({ error: describeError(error) });
  }
};

let handler;
try {
  handler = await loadHandler();
  answer({ payload: 'ready' });
} catch (error) {
  answer({ error: describeError(error) });
  process.exit(1);
}
const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
lines.on('line', (line) => void invoke(handler, JSON.parse(line)));
// The input ends with LocalStack, even when that one was killed.
lines.on('close', () => process.exit(0));
