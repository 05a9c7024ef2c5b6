import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends execution environments whose parent died without a word, also those that are frozen or loop without end and so
 * cannot notice it themselves.
 *
 * A shell holds their process ids and kills them when its standard input, which only the parent has, is closed.
 */
export interface OrphanGuard {
  watch(processId: number): void;
  forget(processId: number): void;
  /** Kills what is still watched and resolves when the guard is gone. */
  close(): Promise<void>;
}

const script = `
trap '' INT TERM HUP
pids=
while read -r verb pid; do
  if [ "$verb" = watch ]; then pids="$pids $pid"; continue; fi
  kept=
  for each in $pids; do [ "$each" = "$pid" ] || kept="$kept $each"; done
  pids=$kept
done
[ -z "$pids" ] || kill -9 $pids
`;

/** Starts a guard; on Windows, which has no such shell, environments rely on the closing of their channel alone. */
export function startOrphanGuard(): OrphanGuard {
  if (process.platform === 'win32') {
    return { watch: () => {}, forget: () => {}, close: () => Promise.resolve() };
  }
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve());
    shell.once('error', () => resolve());
  });
  // A guard that was killed guards no more; that must not end the parent by an unhandled EPIPE.
  shell.stdin.on('error', () => {});
  unref(shell);
  return {
    watch: (processId) => {
      shell.stdin.write(`watch ${processId}\n`);
    },
    forget: (processId) => {
      shell.stdin.write(`forget ${processId}\n`);
    },
    close: async () => {
      shell.ref();
      shell.stdin.end();
      await gone;
    },
  };
}

function unref(shell: ChildProcess): void {
  shell.unref();
  const { stdin } = shell;
  if (stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function') {
    stdin.unref();
  }
}
