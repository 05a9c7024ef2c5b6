import type { Coordinates } from '../core/coordinates.ts';
import type { Outcome } from '../core/outcome.ts';
import type { DeadLetterReason } from './dead-letter-sink.ts';

/** Everything the toolkit tells about an invocation; never the contents of a record. */
export type Observation =
  | { readonly type: 'invocationStarted'; readonly records: number; readonly units: number }
  | {
      readonly type: 'invocationEnded';
      readonly outcomes: Readonly<Record<Outcome, number>>;
      readonly durationMs: number;
      /** Records that have no business ID although one is asked for. */
      readonly fallbackKeys: number;
      /** Epoch ms of the oldest record that is not done; undefined if all are done or it has no timestamp. */
      readonly oldestUndoneTimestampMs: number | undefined;
    }
  | {
      readonly type: 'recordEnded';
      readonly coordinates: Coordinates;
      readonly outcome: Outcome;
      readonly attempts: number | undefined;
      readonly handlerDurationMs: number | undefined;
      /** Class of what was thrown (`Error.name`), never its message. */
      readonly errorName: string | undefined;
      /** Code and stack frames of what was thrown, without its message. */
      readonly detail?: string | undefined;
    }
  | {
      readonly type: 'deadLettered';
      readonly coordinates: Coordinates;
      readonly reason: DeadLetterReason;
      /** Class of what the record failed with, never its message. */
      readonly errorName?: string | undefined;
      /** As in `recordEnded`. */
      readonly detail?: string | undefined;
    }
  | {
      readonly type: 'deadLetterFailed';
      readonly coordinates: Coordinates;
      readonly errorName: string;
      /** What the sink said, where it is the toolkit's own. */
      readonly detail?: string | undefined;
    }
  | { readonly type: 'leaseTakenOver'; readonly coordinates: Coordinates; readonly attempts: number }
  | { readonly type: 'leaseLost'; readonly coordinates: Coordinates }
  | { readonly type: 'fallbackKey'; readonly coordinates: Coordinates }
  | { readonly type: 'fingerprintMismatch'; readonly coordinates: Coordinates }
  | { readonly type: 'resultNotStored'; readonly coordinates: Coordinates }
  /** Nothing was written of the record but its marker or position, by the wish of `onConditionFailed: 'skip'`. */
  | { readonly type: 'effectsSkipped'; readonly coordinates: Coordinates }
  | { readonly type: 'handledUnprotected'; readonly coordinates: Coordinates }
  | { readonly type: 'storeFailed'; readonly operation: string; readonly errorName: string; readonly message: string }
  | { readonly type: 'handlerUnsettled'; readonly coordinates: Coordinates }
  | { readonly type: 'warning'; readonly message: string };

/** Log levels of the handler's logger. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Plain fields of a log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Told of everything that happens. A throwing observer never changes an outcome: the toolkit swallows what it throws.
 *
 * `log` serves the `logger` handed to the user's handler; `fields` already hold the coordinates.
 */
export interface Observer {
  observe(observation: Observation): void;
  log(level: LogLevel, message: string, fields: LogFields): void;
}
