import { spawn } from 'node:child_process';

/** How a finished command ended; `code` is undefined when it could not be started or ran out of time. */
export interface CommandResult {
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a command to its end, in `folder` or the working directory, and collects both of its outputs; never rejects. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly environment: NodeJS.ProcessEnv; readonly timeoutMs: number; readonly folder?: string },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: options.environment,
      cwd: options.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: undefined, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
