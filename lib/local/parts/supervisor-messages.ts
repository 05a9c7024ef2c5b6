/** What the supervisor is asked to do; each request gets one reply with its `id`. */
export type SupervisorRequest =
  | {
      readonly type: 'start';
      readonly id: number;
      readonly name: string;
      readonly command: string;
      readonly args: readonly string[];
      /** Path of the file that gets both outputs. */
      readonly logFile: string;
    }
  | { readonly type: 'stop'; readonly id: number; readonly name: string; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** A command to run when everything ends, for what is no child process (containers). */
  | {
      readonly type: 'atEnd';
      readonly id: number;
      readonly command: string;
      readonly args: readonly string[];
      /** Added to the supervisor's own environment. */
      readonly variables: Readonly<Record<string, string>>;
    };

/** What the supervisor says. */
export type SupervisorReport =
  | { readonly type: 'ready'; readonly dataFolder: string }
  | { readonly type: 'started'; readonly id: number; readonly name: string; readonly processId: number }
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  | { readonly type: 'exited'; readonly name: string; readonly processId: number };

/** Both ends are this package, so the tag alone is checked. */
export function isSupervisorRequest(message: unknown): message is SupervisorRequest {
  return hasType(message) && ['start', 'stop', 'atEnd'].includes(message.type);
}

/** Both ends are this package, so the tag alone is checked. */
export function isSupervisorReport(message: unknown): message is SupervisorReport {
  return hasType(message) && ['ready', 'started', 'done', 'failed', 'exited'].includes(message.type);
}

function hasType(message: unknown): message is { type: string } {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string';
}
