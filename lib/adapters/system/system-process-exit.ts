import { writeSync } from 'node:fs';
import type { ProcessExit } from '../../ports/process-exit.ts';

/** Writes the reason to standard error and ends this process with exit code 1, which Lambda takes for a failed invocation. */
export const systemProcessExit: ProcessExit = {
  exit(reason: string): void {
    try {
      // Synchronous, because nothing that is still buffered survives the exit.
      writeSync(process.stderr.fd, `${reason}\n`);
    } catch {
      // A closed standard error must not keep the process alive.
    }
    process.exit(1);
  },
};
