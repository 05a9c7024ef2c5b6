import { systemClock } from '../../adapters/system/system-clock.ts';
import { logLineOf } from '../../core/observe/log-line.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogFields, LogLevel, Observation, Observer } from '../../ports/observer.ts';
import { safeJsonLine, safeMembers } from './safe-json.ts';

/** The part of the console that lines are written to. */
export type LineConsole = Readonly<Record<LogLevel, (line: string) => void>>;

export interface ConsoleObserverOptions {
  /**
   * The lowest level that is written; default `AWS_LAMBDA_LOG_LEVEL`, else `LOG_LEVEL`, else `info`.
   *
   * `trace` counts as `debug`; `fatal`, `critical` and `silent` count as `error`; names are taken in any case.
   */
  readonly level?: LogLevel;
  /**
   * Where to write lines of JSON, whatever the log format; default the global console, looked up anew for each line because
   * Lambda patches it.
   */
  readonly console?: LineConsole;
  /** Default `process.env`; read once. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For the age of what is not done; default the system's. */
  readonly clock?: Pick<Clock, 'nowMs'>;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * The observer of a handler that is given no other: JSON lines on the console. Metrics come from them by metric filters.
 *
 * A line holds `level`, `message` and the fields of the toolkit's fixed list, nothing of a record's content. One summary an
 * invocation is written at `info` (at `warn` if records are not done). It never throws.
 *
 * In Lambda's JSON log format (`AWS_LAMBDA_LOG_FORMAT=JSON`) the runtime writes the line: what it is given stands under
 * `message`, a text as a text that no filter can look into, an object as an object. So it is given an object there:
 * `{ timestamp, level, requestId, message: { message, observation, … } }`.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function consoleObserver(options: ConsoleObserverOptions = {}): Observer {
  const env = options.env ?? process.env;
  const lowest = ranks[options.level ?? levelFrom(env)];
  const runtimeWritesJson = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON' && options.console === undefined;
  const clock = options.clock ?? systemClock;

  function write(level: LogLevel, message: string, fields: LogFields): void {
    if (ranks[level] < lowest) return;
    try {
      if (runtimeWritesJson) {
        console[level](safeMembers({ message }, fields));
      } else {
        const target = options.console ?? console;
        target[level](safeJsonLine({ level: level.toUpperCase(), message }, fields));
      }
    } catch {
      // A console that cannot be written to is no reason to fail a record.
    }
  }

  return {
    observe(observation: Observation): void {
      const { level, message, fields } = logLineOf(observation, clock.nowMs());
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
