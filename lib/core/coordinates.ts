/** Where a record stands in Kafka: unique within a cluster for as long as its topic lives. */
export interface Coordinates {
  readonly topic: string;
  readonly partition: number;
  /** Never beyond 2^53 - 1: an event with a larger one is refused, because JSON has already rounded it. */
  readonly offset: number;
}

/** `<topic>-<partition>`, the name that the Lambda event and the batch response use for a topic-partition. */
export function topicPartition(of: Pick<Coordinates, 'topic' | 'partition'>): string {
  return `${of.topic}-${of.partition}`;
}

/** `<topic>-<partition>@<offset>`, the form in which errors and logs name a record. */
export function formatCoordinates(of: Coordinates): string {
  return `${topicPartition(of)}@${of.offset}`;
}
