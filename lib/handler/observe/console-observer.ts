import { logLineOf } from '../../core/observe/log-line.ts';
import type { LogFields, LogLevel, Observation, Observer } from '../../ports/observer.ts';
import { safeJsonLine } from './safe-json.ts';

/** The part of the console that lines are written to. */
export type LineConsole = Readonly<Record<LogLevel, (line: string) => void>>;

export interface ConsoleObserverOptions {
  /**
   * The lowest level that is written; default `AWS_LAMBDA_LOG_LEVEL`, else `LOG_LEVEL`, else `info`.
   *
   * `trace` counts as `debug`; `fatal`, `critical` and `silent` count as `error`; names are taken in any case.
   */
  readonly level?: LogLevel;
  /** Where to write; default the global console, looked up anew for each line because Lambda patches it. */
  readonly console?: LineConsole;
  /** Default `process.env`; read once. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * The observer of a handler that is given no other: JSON lines on the console, metrics none.
 *
 * A line holds `level`, `message` and the fields of the toolkit's fixed list, nothing of a record's content. One summary an
 * invocation is written at `info` (at `warn` if records are not done). It never throws.
 */
export function consoleObserver(options: ConsoleObserverOptions = {}): Observer {
  const lowest = ranks[options.level ?? levelFrom(options.env ?? process.env)];

  function write(level: LogLevel, message: string, fields: LogFields): void {
    if (ranks[level] < lowest) return;
    try {
      const target = options.console ?? console;
      target[level](safeJsonLine({ level: level.toUpperCase(), message }, fields));
    } catch {
      // A console that cannot be written to is no reason to fail a record.
    }
  }

  return {
    observe(observation: Observation): void {
      const { level, message, fields } = logLineOf(observation);
      write(level, message, fields);
    },
    log: write,
  };
}

/** The level that the environment asks for; a name that is none is passed over. */
function levelFrom(env: Readonly<Record<string, string | undefined>>): LogLevel {
  return levelNamed(env.AWS_LAMBDA_LOG_LEVEL) ?? levelNamed(env.LOG_LEVEL) ?? 'info';
}

function levelNamed(name: string | undefined): LogLevel | undefined {
  switch (name?.trim().toLowerCase()) {
    case 'trace':
    case 'debug':
      return 'debug';
    case 'info':
      return 'info';
    case 'warn':
      return 'warn';
    case 'error':
    case 'fatal':
    case 'critical':
    case 'silent':
      return 'error';
    default:
      return undefined;
  }
}
