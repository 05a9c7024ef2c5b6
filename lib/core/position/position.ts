/**
 * How far a topic-partition is done, in `position` mode: everything below `nextOffset` took effect or is a dead letter.
 */
export interface Position {
  /** The offset of the first record that is not done. */
  readonly nextOffset: number;
  /** The highest timestamp (epoch milliseconds) of a record that is done; undefined if none had one. */
  readonly highestTimestampMs: number | undefined;
  /** Raised by a person to start anew, when a topic was made again or truncated. */
  readonly generation: number;
}
