import { type ChildProcess, fork } from 'node:child_process';
import type { InvocationResult } from '../../core/esm/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import { isRuntimeMessage, type RuntimeMessage } from './runtime-protocol.ts';

/** How an execution environment is started. */
export interface EnvironmentOptions {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Stops the process between invocations, as Lambda freezes an environment. */
  readonly freeze: boolean;
  readonly clock: Clock;
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  readonly onExit: (environment: ExecutionEnvironment) => void;
}

/** The answer of a synchronous invocation holds at most 6 MB. */
const maximumAnswerBytes = 6 * 1024 * 1024;

/** Loading the module may take 10 s, or the function's time-out if that is longer, as on Lambda. */
const initTimeoutSeconds = 10;

const runtime: URL = new URL(import.meta.url.endsWith('.ts') ? './runtime.ts' : './runtime.js', import.meta.url);

/**
 * One process that runs a handler, one invocation at a time.
 *
 * starting -> idle <-> busy -> dead. Only `#ended` makes it dead, whatever the cause: a time-out, a kill, a crash, an exit.
 */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #ready: Promise<RuntimeMessage | undefined>;
  #waiting: ((message: RuntimeMessage | undefined) => void) | undefined;
  #ending: InvocationResult | undefined;
  #state: 'idle' | 'busy' | 'dead' = 'busy';

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#process = fork(runtime, [options.moduleUrl, options.exportName], {
      cwd: options.cwd,
      env: options.variables,
      execArgv: [`--max-old-space-size=${options.memoryMb}`, '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => options.onOutput('stdout', chunk));
    this.#process.stderr?.on('data', (chunk: Buffer) => options.onOutput('stderr', chunk));
    this.#process.on('message', (message: unknown) => {
      if (isRuntimeMessage(message)) {
        this.#settle(message);
      }
    });
    this.#exited = new Promise((resolve) => {
      const end = (exit: string): void => {
        this.#ended(exit);
        resolve();
      };
      this.#process.once('exit', (code, signal) => end(signal === null ? `exit status ${code}` : `signal ${signal}`));
      // A process that could not be started never exits; a message that could not be sent is followed by an exit.
      this.#process.on('error', (error) => {
        if (this.#process.pid === undefined) {
          end(error.message);
        }
      });
    });
    this.#ready = this.#next();
  }

  get processId(): number | undefined {
    return this.#process.pid;
  }

  get state(): 'idle' | 'busy' | 'dead' {
    return this.#state;
  }

  /** Runs one invocation; resolves also when it fails. The first one waits until the module is loaded. */
  async invoke(requestId: string, payload: string): Promise<InvocationResult> {
    this.#state = this.#state === 'dead' ? 'dead' : 'busy';
    const { timeoutSeconds, clock } = this.#options;
    const failedInit = await this.#loaded(requestId);
    if (failedInit !== undefined) {
      return failedInit;
    }
    this.#signal('SIGCONT');
    const answer = this.#next();
    this.#process.send({ requestId, payload, deadlineMs: clock.nowMs() + timeoutSeconds * 1000 }, () => {});
    const message = await this.#within(timeoutSeconds, requestId, answer);
    if (message?.kind === 'returned') {
      this.#rest();
      return Buffer.byteLength(message.payload) > maximumAnswerBytes
        ? functionError('Function.ResponseSizeTooLarge', `the answer exceeds ${maximumAnswerBytes} bytes`)
        : message;
    }
    if (message?.kind === 'failed') {
      this.#rest();
      return functionError(message.errorType, message.errorMessage);
    }
    return this.#ending ?? functionError('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited`);
  }

  /** Ends the process with SIGKILL; whether it was still alive. An invocation in it becomes a function error. */
  kill(): boolean {
    const alive = this.#state !== 'dead' && this.#process.kill('SIGKILL');
    if (this.#state === 'idle') {
      // Not to be chosen for an invocation in the moment before the exit is known.
      this.#state = 'dead';
    }
    return alive;
  }

  async close(): Promise<void> {
    this.kill();
    await this.#exited;
  }

  async #loaded(requestId: string): Promise<InvocationResult | undefined> {
    const seconds = Math.max(initTimeoutSeconds, this.#options.timeoutSeconds);
    const message = await this.#within(seconds, requestId, this.#ready);
    if (message?.kind === 'ready') {
      return undefined;
    }
    this.kill();
    if (message?.kind === 'initFailed') {
      this.#options.onOutput('stderr', Buffer.from(`${message.stackTrace}\n`));
      return functionError(message.errorType, message.errorMessage);
    }
    return this.#ending ?? functionError('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited`);
  }

  /** Kills the process when `seconds` pass first. */
  async #within<T>(seconds: number, requestId: string, answer: Promise<T>): Promise<T> {
    const cancel = this.#options.clock.schedule(seconds * 1000, () => {
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
      this.#ending ??= functionError('Sandbox.Timedout', errorMessage);
      this.kill();
    });
    try {
      return await answer;
    } finally {
      cancel();
    }
  }

  #next(): Promise<RuntimeMessage | undefined> {
    return new Promise((resolve) => {
      if (this.#state === 'dead') {
        resolve(undefined);
      } else {
        this.#waiting = resolve;
      }
    });
  }

  #settle(message: RuntimeMessage | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(message);
  }

  #rest(): void {
    if (this.#state === 'busy') {
      this.#state = 'idle';
      this.#signal('SIGSTOP');
    }
  }

  #signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#options.freeze && this.#state !== 'dead') {
      this.#process.kill(signal);
    }
  }

  #ended(exit: string): void {
    this.#ending ??= functionError('Runtime.ExitError', `Runtime exited with error: ${exit}`);
    this.#state = 'dead';
    this.#options.onExit(this);
    this.#settle(undefined);
  }
}

function functionError(errorType: string, errorMessage: string): InvocationResult {
  return { kind: 'functionError', errorType, errorMessage };
}
