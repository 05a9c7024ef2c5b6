import { askedWay, type Way } from './asked-way.ts';
import { type Java, OLDEST_JAVA } from './machine.ts';
import { PartsError } from './parts-error.ts';

/** What a machine offers; `dockerAnswers` is asked only when its answer matters. */
export interface Machine {
  readonly java: Java | undefined;
  /** Whether jars can be had: they are in the cache already, or there is a Maven to fetch them. */
  readonly jars: boolean;
  dockerAnswers(): Promise<boolean>;
}

/**
 * Processes if Java 17 or newer and the jars, or a Maven to fetch them, are there; else Docker if an engine answers.
 * `KAFKA_ONCE_PARTS` (`processes` or `docker`) decides otherwise.
 *
 * @throws PartsError that says what to install.
 */
export async function chooseWay(value: string | undefined, machine: Machine): Promise<Way> {
  const asked = askedWay('KAFKA_ONCE_PARTS', value);
  const missing = missingForProcesses(machine);
  if (asked !== 'docker' && missing.length === 0) return 'processes';
  if (asked !== 'processes' && (await machine.dockerAnswers())) return 'docker';
  const lacks = asked === 'docker' ? [] : missing;
  throw new PartsError(
    [
      'The local parts (Kafka, DynamoDB, SQS, S3) cannot be started on this machine:',
      ...lacks.map((line) => `- ${line}`),
      ...(asked === 'processes' ? [] : ['- no Docker engine answers `docker info`']),
      `Install Java ${OLDEST_JAVA} or newer and Maven (both on the PATH), or start a Docker engine,`,
      'or name running servers with KAFKA_BROKERS and AWS_ENDPOINT_URL (AWS_ENDPOINT_URL_DYNAMODB, _SQS, _S3).',
    ].join('\n'),
  );
}

function missingForProcesses({ java, jars }: Machine): string[] {
  const missing: string[] = [];
  if (java === undefined) missing.push('no Java was found (JAVA_HOME, then the PATH)');
  else if (java.version < OLDEST_JAVA) {
    missing.push(`${java.command} is Java ${java.version}; Java ${OLDEST_JAVA} or newer is needed`);
  }
  if (!jars) missing.push('no Maven was found on the PATH, which fetches the servers once');
  return missing;
}
