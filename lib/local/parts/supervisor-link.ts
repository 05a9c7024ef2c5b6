import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PartsError } from './parts-error.ts';
import { isSupervisorReport, type SupervisorReport, type SupervisorRequest } from './supervisor-messages.ts';

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/**
 * The user's end of the channel to the supervisor. When this process ends in whatever way, the channel closes and the
 * supervisor ends the servers and removes the data folder; so no signal handlers are needed here.
 *
 * The channel keeps this process alive only while an answer is awaited.
 */
export class SupervisorLink implements AsyncDisposable {
  readonly dataFolder: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { done: () => void; failed: (error: Error) => void }>();
  readonly #processIds = new Map<string, number>();
  readonly #exited: Promise<void>;
  #nextId = 1;

  private constructor(child: ChildProcess, dataFolder: string) {
    this.#child = child;
    this.dataFolder = dataFolder;
    child.on('message', (message) => {
      if (isSupervisorReport(message)) this.#onReport(message);
    });
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => {
        // Nobody else is left to clean up if the supervisor was killed; after its orderly end there is nothing to do.
        for (const processId of this.#processIds.values()) killIfThere(processId);
        rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
        for (const { failed } of this.#waiting.values()) failed(new PartsError('The supervisor of the parts ended.'));
        this.#waiting.clear();
        resolve();
      });
    });
    this.#keepAlive();
  }

  static async open(environment: NodeJS.ProcessEnv): Promise<SupervisorLink> {
    const { NODE_OPTIONS: _, ...withoutNodeOptions } = environment;
    const file = join(import.meta.dirname, `supervisor${extname(import.meta.filename)}`);
    const child = fork(file, { env: withoutNodeOptions, execArgv: [], detached: true, stdio: 'ignore' });
    const dataFolder = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new PartsError(`The supervisor of the parts ended at once (${code}).`)));
      child.once('message', (message) => {
        if (isSupervisorReport(message) && message.type === 'ready') resolve(message.dataFolder);
        else reject(new PartsError('The supervisor of the parts did not say that it is ready.'));
      });
    });
    return new SupervisorLink(child, dataFolder);
  }

  /** The id of a running server's process. */
  processId(name: string): number | undefined {
    return this.#processIds.get(name);
  }

  async start(name: string, command: string, args: readonly string[], logFile: string): Promise<void> {
    await this.#ask({ type: 'start', name, command, args, logFile });
  }

  async stop(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#ask({ type: 'stop', name, signal });
  }

  async atEnd(command: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<void> {
    await this.#ask({ type: 'atEnd', command, args, variables });
  }

  /** Ends all servers, removes the data folder and resolves when nothing is left; can be called again. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) {
      await Promise.allSettled([...this.#processIds.keys()].map((name) => this.stop(name, 'SIGTERM')));
    }
    this.#child.ref();
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }

  #ask(request: WithoutId<SupervisorRequest>): Promise<void> {
    const id = this.#nextId++;
    return new Promise<void>((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new PartsError('The parts were stopped.'));
        return;
      }
      this.#waiting.set(id, { done: resolve, failed: reject });
      this.#keepAlive();
      this.#child.send({ ...request, id });
    });
  }

  #onReport(report: SupervisorReport): void {
    if (report.type === 'exited') {
      if (this.#processIds.get(report.name) === report.processId) this.#processIds.delete(report.name);
    } else if (report.type !== 'ready') {
      if (report.type === 'started') this.#processIds.set(report.name, report.processId);
      const waiting = this.#waiting.get(report.id);
      this.#waiting.delete(report.id);
      if (report.type === 'failed') waiting?.failed(new PartsError(report.reason));
      else waiting?.done();
      this.#keepAlive();
    }
  }

  #keepAlive(): void {
    const keep = this.#waiting.size > 0;
    this.#child[keep ? 'ref' : 'unref']();
    this.#child.channel?.[keep ? 'ref' : 'unref']();
  }
}

function killIfThere(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
