import { type Coordinates, topicPartition } from '../../core/coordinates.ts';
import type { LogFields, LogLevel, Observer } from '../../ports/observer.ts';

/** Logs through the observer, with the coordinates of the record that is being handled. */
export interface RecordLogger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export function recordLogger(observer: Observer, record: Coordinates): RecordLogger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      observer.log(level, message, { ...fields, topicPartition: topicPartition(record), offset: record.offset });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
