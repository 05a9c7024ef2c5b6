import type { Part, PartName } from './part.ts';
import { PartsError } from './parts-error.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './probe.ts';
import type { SupervisorLink } from './supervisor-link.ts';

/** The running parts; reading what belongs to a part that was not asked for throws PartsError. */
export interface Parts extends AsyncDisposable {
  /** Bootstrap brokers, each `host:port`. */
  readonly brokers: readonly string[];
  /** URL of the DynamoDB endpoint. */
  readonly dynamodb: string;
  /** URL of the SQS endpoint. */
  readonly sqs: string;
  /** URL of the S3 endpoint; use path-style addressing. */
  readonly s3: string;
  readonly kafkaVersion: string;
  readonly dynamodbVersion: string;
  /**
   * What a child process needs to find these servers with default clients: `KAFKA_BROKERS`, `AWS_ENDPOINT_URL_<SERVICE>`,
   * `AWS_REGION` and credentials; those of the environment stay where it names the servers.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of logs and data while the servers run; undefined when all are named by the environment. */
  readonly dataFolder: string | undefined;
  part(name: PartName): Part;
  /** Ends the servers that were started, removes their data and resolves when nothing is left; can be called again. */
  stop(): Promise<void>;
}

/** Puts running servers together. */
export function makeParts(all: readonly Part[], link: SupervisorLink | undefined): Parts {
  const part = (name: PartName): Part => {
    const found = all.find((candidate) => candidate.name === name);
    if (found === undefined) throw new PartsError(`${name} was not asked for: startParts({ ${name}: true })`);
    return found;
  };
  const stop = async (): Promise<void> => {
    await link?.[Symbol.asyncDispose]();
  };
  return {
    get brokers() {
      return part('kafka').endpoint.split(',');
    },
    get dynamodb() {
      return part('dynamodb').endpoint;
    },
    get sqs() {
      return part('sqs').endpoint;
    },
    get s3() {
      return part('s3').endpoint;
    },
    get kafkaVersion() {
      return part('kafka').version;
    },
    get dynamodbVersion() {
      return part('dynamodb').version;
    },
    env: childEnvironment(all),
    dataFolder: link?.dataFolder,
    part,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function childEnvironment(all: readonly Part[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, endpoint } of all) {
    env[name === 'kafka' ? 'KAFKA_BROKERS' : `AWS_ENDPOINT_URL_${name.toUpperCase()}`] = endpoint;
  }
  if (all.some(({ name, source }) => name !== 'kafka' && source !== 'environment')) {
    env.AWS_REGION = LOCAL_REGION;
    env.AWS_ACCESS_KEY_ID = LOCAL_CREDENTIALS.accessKeyId;
    env.AWS_SECRET_ACCESS_KEY = LOCAL_CREDENTIALS.secretAccessKey;
  }
  return env;
}
