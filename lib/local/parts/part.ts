/** A server that the toolkit talks to. */
export type PartName = 'kafka' | 'dynamodb' | 'sqs' | 's3';

/** All parts, in the order in which they are fetched. */
export const PART_NAMES: readonly PartName[] = ['kafka', 'dynamodb', 'sqs', 's3'];

/** Where a part comes from: a Java process of its own, a container, or a server that the environment names. */
export type PartSource = 'process' | 'docker' | 'environment';

/** One running server. */
export interface Part {
  readonly name: PartName;
  readonly source: PartSource;
  /** `host:port` (several joined by `,`) for Kafka, a URL for the others. */
  readonly endpoint: string;
  /** As the jars or the image say, for example `4.3.1`; `'unknown'` for a server named by the environment. */
  readonly version: string;
  /** Id of the Java process while it runs, for tests that kill it; undefined for other sources. */
  readonly processId: number | undefined;
  /**
   * Ends this server alone and resolves when it is gone. Its endpoint stays reserved for `start`.
   *
   * @param signal `'SIGTERM'` (default) lets the server finish; `'SIGKILL'` is a crash.
   * @throws PartsError for a part whose source is not `'process'`.
   */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /**
   * Starts a stopped server again on the same endpoint and resolves when it answers. Kafka keeps its records and
   * offsets; DynamoDB, SQS and S3 are held in memory and come back empty. Does nothing while the server runs.
   *
   * @throws PartsError for a part whose source is not `'process'`, and when the server does not answer.
   */
  start(): Promise<void>;
}
