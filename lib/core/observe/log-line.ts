import type { LogFields, LogLevel, Observation } from '../../ports/observer.ts';
import { type Coordinates, formatCoordinates } from '../coordinates.ts';
import { isDone, type Outcome } from '../outcome.ts';
import { countUndone, oldestUndoneAgeSeconds } from './oldest-undone-age.ts';

/** Every field that a log line of the toolkit can have, besides its level and message. */
export const logFieldNames = [
  'observation',
  'topic',
  'partition',
  'offset',
  'outcome',
  'attempts',
  'handlerDurationMs',
  'errorName',
  'reason',
  'operation',
  'detail',
  'records',
  'units',
  'handled',
  'duplicate',
  'deadLettered',
  'failed',
  'busy',
  'heldBack',
  'notAttempted',
  'undone',
  'fallbackKeys',
  'durationMs',
  'oldestUndoneTimestampMs',
  'oldestUndoneAgeSeconds',
] as const;

export type LogFieldName = (typeof logFieldNames)[number];

/** A log line, before it is given its form. Fields that do not apply are absent. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

type Fields = Partial<Readonly<Record<LogFieldName, string | number>>>;

/**
 * The log line of an observation; `nowMs` is epoch milliseconds, for ages. What metrics are made of stands in it ready
 * to use, because a metric filter takes a number as it is: it cannot subtract or add.
 *
 * Levels: `warn` for what someone should look into, `info` for the summary of an invocation in which everything was
 * done (`warn` for any other, and where not one record had its business ID), `debug` for the rest. Records that are held back or not attempted are `debug`: the one that
 * is to blame, or the summary, has the `warn`, and they may be thousands.
 */
export function logLineOf(observation: Observation, nowMs: number): LogLine {
  switch (observation.type) {
    case 'invocationStarted':
      return line('debug', 'Invocation started', observation.type, {
        records: observation.records,
        units: observation.units,
      });
    case 'invocationEnded':
      return summary(observation, nowMs);
    case 'recordEnded':
      return line(
        levelOf(observation.outcome),
        `Record ${observation.outcome}: ${formatCoordinates(observation.coordinates)}`,
        observation.type,
        {
          ...at(observation.coordinates),
          outcome: observation.outcome,
          ...present('attempts', observation.attempts),
          ...present('handlerDurationMs', observation.handlerDurationMs),
          ...present('errorName', observation.errorName),
          ...present('detail', observation.detail),
        },
      );
    case 'deadLettered':
      return about('warn', 'Record dead-lettered', observation, {
        reason: observation.reason,
        ...present('errorName', observation.errorName),
        ...present('detail', observation.detail),
      });
    case 'deadLetterFailed':
      return about('error', 'Dead letter could not be stored', observation, {
        errorName: observation.errorName,
        ...present('detail', observation.detail),
      });
    case 'leaseTakenOver':
      return about('warn', 'Claim taken over', observation, { attempts: observation.attempts });
    case 'leaseLost':
      return about('warn', 'Lease lost', observation, {});
    case 'fallbackKey':
      return about('debug', 'Record has no business ID; its coordinates are its key', observation, {});
    case 'fingerprintMismatch':
      return about('warn', 'Business ID seen before with another payload', observation, {});
    case 'resultNotStored':
      return about('warn', 'Result cannot be stored; the effect is marked without it', observation, {});
    case 'effectsSkipped':
      return about('info', 'Effects skipped: the condition of one does not hold', observation, {});
    case 'handledUnprotected':
      return about('warn', 'Record handled without a claim', observation, {});
    case 'handlerUnsettled':
      return about('error', 'Handler ignored its abort signal', observation, {});
    case 'storeFailed':
      return line('error', `Idempotency store failed: ${observation.operation}`, observation.type, {
        operation: observation.operation,
        errorName: observation.errorName,
        detail: observation.message,
      });
    case 'warning':
      return line('warn', observation.message, observation.type, {});
  }
}

function summary(ended: Extract<Observation, { type: 'invocationEnded' }>, nowMs: number): LogLine {
  const undone = countUndone(ended.outcomes);
  const records = Object.values(ended.outcomes).reduce((sum, count) => sum + count, 0);
  // All of a batch without a business ID is a mistyped expression sooner than a producer's habit.
  const isSuspicious = undone > 0 || (records > 0 && ended.fallbackKeys === records);
  return line(isSuspicious ? 'warn' : 'info', 'Invocation ended', ended.type, {
    records,
    ...ended.outcomes,
    undone,
    fallbackKeys: ended.fallbackKeys,
    durationMs: ended.durationMs,
    ...present('oldestUndoneTimestampMs', ended.oldestUndoneTimestampMs),
    ...present('oldestUndoneAgeSeconds', oldestUndoneAgeSeconds(ended, nowMs)),
  });
}

function levelOf(outcome: Outcome): LogLevel {
  return isDone(outcome) || outcome === 'heldBack' || outcome === 'notAttempted' ? 'debug' : 'warn';
}

function about(
  level: LogLevel,
  what: string,
  observation: { readonly type: string; readonly coordinates: Coordinates },
  fields: Fields,
): LogLine {
  const { type, coordinates } = observation;
  return line(level, `${what}: ${formatCoordinates(coordinates)}`, type, { ...at(coordinates), ...fields });
}

function line(level: LogLevel, message: string, observation: string, fields: Fields): LogLine {
  return { level, message, fields: { observation, ...fields } };
}

/** Picked one by one: what is handed over as coordinates may be a whole record. */
function at({ topic, partition, offset }: Coordinates): Fields {
  return { topic, partition, offset };
}

function present<Name extends LogFieldName>(name: Name, value: string | number | undefined): Fields {
  return value === undefined ? {} : { [name]: value };
}
