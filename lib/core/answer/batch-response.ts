import { type Coordinates, formatCoordinates, topicPartition } from '../coordinates.ts';
import { UndoneRecordsError } from '../errors/errors.ts';

/** One record that is not done, as Lambda's Kafka event source mapping wants it named. */
export interface KafkaBatchItemFailure {
  readonly itemIdentifier: {
    /** `<topic>-<partition>`. */
    readonly partition: string;
    readonly offset: number;
  };
}

/**
 * The answer to a Kafka batch: the records that Lambda is to deliver again.
 *
 * Source: AWS Lambda developer guide, "Configure error handling controls for Kafka event sources".
 */
export interface KafkaBatchResponse {
  readonly batchItemFailures: KafkaBatchItemFailure[];
}

/**
 * Names every record that is not done. AWS's page can be read as "only the named are delivered again" or as "resume
 * from the lowest of a partition"; naming all is right under both.
 */
export function batchResponse(undone: readonly Coordinates[]): KafkaBatchResponse {
  return {
    batchItemFailures: undone.map((record) => ({
      itemIdentifier: { partition: topicPartition(record), offset: record.offset },
    })),
  };
}

const namedInMessage = 20;

/** The error to throw where a partial batch response is not granted: Lambda then delivers the whole batch again. */
export function undoneRecordsError(undone: readonly Coordinates[], records: number): UndoneRecordsError {
  const names = undone.map(formatCoordinates);
  const listed = names.slice(0, namedInMessage).join(', ');
  const more = names.length > namedInMessage ? ` and ${names.length - namedInMessage} more` : '';
  return new UndoneRecordsError(`${names.length} of ${records} records are not done: ${listed}${more}`, names);
}
