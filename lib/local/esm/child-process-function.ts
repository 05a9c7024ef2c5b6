import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemRandomness } from '../../adapters/system/system-randomness.ts';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { InvocationResult } from '../../core/esm/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Randomness } from '../../ports/randomness.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { lambdaVariables } from './lambda-variables.ts';
import { startOrphanGuard } from './orphan-guard.ts';

/**
 * A handler module run as a local Lambda function.
 *
 * - `entry`: path of the module (`.ts`, `.mts`, `.mjs` or `.js` that Node runs as it is), relative to the working directory.
 * - `handlerName`: its export, default `handler`.
 * - `functionName`: default `local-function`.
 * - `environment`: variables of the function. Of this process's own only PATH, HOME and TMPDIR are passed on.
 * - `timeoutSeconds`: whole seconds from 1 to 900, default 3 as on Lambda; then the process is killed.
 * - `memoryMb`: limit of the JavaScript heap, 128 to 10 240, default 1024; beyond it the process crashes.
 * - `concurrency`: execution environments at a time, default 10; an invocation beyond them is throttled.
 * - `freeze`: stop the process between invocations as Lambda does (SIGSTOP; not on Windows), default false.
 * - `onOutput`: takes what the function writes; default: to the standard error of this process.
 */
export interface ChildProcessFunctionOptions {
  readonly entry: string;
  readonly handlerName?: string;
  readonly functionName?: string;
  readonly region?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly concurrency?: number;
  readonly freeze?: boolean;
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}

/** Counts of a local function since it was made. */
export interface ChildProcessFunctionStatus {
  readonly invocations: number;
  readonly coldStarts: number;
  /** Invocations that ended in an error, time-outs and kills included. */
  readonly errors: number;
  readonly timeouts: number;
  readonly throttles: number;
  /** Processes that are alive. */
  readonly environments: number;
}

/** A local Lambda function whose execution environments are Node processes of their own. */
export interface ChildProcessFunction extends FunctionInvoker {
  /** Ends every execution environment with SIGKILL, as a crash of the machine would; how many there were. */
  kill(): number;
  status(): ChildProcessFunctionStatus;
  /** Ends all processes; invocations after it are throttled. */
  close(): Promise<void>;
}

/**
 * Makes a local Lambda function: each execution environment is a Node process that runs one invocation at a time and is
 * reused while it lives. A time-out, a crash and a kill are real, and each is a function error.
 *
 * @throws ConfigurationError for an option out of its range.
 */
export function childProcessFunction(options: ChildProcessFunctionOptions): ChildProcessFunction {
  const timeoutSeconds = ranged('timeoutSeconds', options.timeoutSeconds ?? 3, 1, 900);
  const memoryMb = ranged('memoryMb', options.memoryMb ?? 1024, 128, 10_240);
  const concurrency = ranged('concurrency', options.concurrency ?? 10, 1, 1000);
  const clock = options.clock ?? systemClock;
  const randomness = options.randomness ?? systemRandomness;
  const entry = resolve(options.entry);
  const exportName = options.handlerName ?? 'handler';
  const functionName = options.functionName ?? 'local-function';
  const region = options.region ?? 'us-east-1';
  const variables = lambdaVariables({
    own: options.environment ?? {},
    entry,
    exportName,
    functionName,
    region,
    memoryMb,
  });
  const environments = new Set<ExecutionEnvironment>();
  const guard = startOrphanGuard();
  const counts = { invocations: 0, coldStarts: 0, errors: 0, timeouts: 0, throttles: 0 };
  let closed = false;

  function start(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment({
      moduleUrl: pathToFileURL(entry).href,
      exportName,
      cwd: dirname(entry),
      variables,
      memoryMb,
      timeoutSeconds,
      freeze: options.freeze === true && process.platform !== 'win32',
      clock,
      onOutput: options.onOutput ?? ((_, chunk) => process.stderr.write(chunk)),
      onExit: (ended) => {
        environments.delete(ended);
        if (ended.processId !== undefined) {
          guard.forget(ended.processId);
        }
      },
    });
    environments.add(environment);
    counts.coldStarts += 1;
    if (environment.processId !== undefined) {
      guard.watch(environment.processId);
    }
    return environment;
  }

  return {
    timeoutSeconds,

    async invoke(payload: string): Promise<InvocationResult> {
      const alive = [...environments].filter(({ state }) => state !== 'dead');
      const warm = alive.find(({ state }) => state === 'idle');
      if (closed || (warm === undefined && alive.length >= concurrency)) {
        counts.throttles += 1;
        return { kind: 'notInvoked', reason: closed ? 'the function is closed' : 'throttled' };
      }
      counts.invocations += 1;
      const result = await (warm ?? start()).invoke(randomness.uniqueId(), payload);
      if (result.kind === 'functionError') {
        counts.errors += 1;
        counts.timeouts += result.errorType === 'Sandbox.Timedout' ? 1 : 0;
      }
      return result;
    },

    kill: () => [...environments].filter((environment) => environment.kill()).length,

    status: () => ({ ...counts, environments: environments.size }),

    async close(): Promise<void> {
      closed = true;
      await Promise.all([...environments].map((environment) => environment.close()));
      await guard.close();
    },
  };
}

function ranged(property: string, value: number, minimum: number, maximum: number): number {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new ConfigurationError(property, `is ${value}; Lambda allows whole numbers from ${minimum} to ${maximum}`);
  }
  return value;
}
