import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const root: string = join(import.meta.dirname, '..');

export interface CommandResult {
  /** Exit code; 1 also when the command could not start or was ended by a signal. */
  code: number;
  /** Standard output and standard error, as they came. */
  output: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Also print what the command prints, while it runs. */
  echo?: boolean;
  /** Ends the command, with code 1, after this time. */
  timeoutMs?: number;
}

/** Runs a command of `node_modules/.bin` or of the machine in the project's root, with this same Node first in its path. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const path = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, PATH: path, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (options.echo === true) process.stdout.write(text);
    });
  }
  child.on('error', (error) => resolve({ code: 1, output: `${output}${command}: ${error.message}\n` }));
  child.on('close', (code) => resolve({ code: code ?? 1, output }));
  return promise;
}
