import type { PartName } from './part.ts';

/** A server that the environment names, and the variable that names it. */
export interface NamedServer {
  readonly endpoint: string;
  readonly variable: string;
}

/**
 * The server that the environment names for a part: `KAFKA_BROKERS`, or `AWS_ENDPOINT_URL_<SERVICE>` before
 * `AWS_ENDPOINT_URL`, as the AWS SDKs read them (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
 * An empty variable names nothing.
 */
export function namedServer(part: PartName, environment: NodeJS.ProcessEnv): NamedServer | undefined {
  const variables =
    part === 'kafka' ? ['KAFKA_BROKERS'] : [`AWS_ENDPOINT_URL_${part.toUpperCase()}`, 'AWS_ENDPOINT_URL'];
  for (const variable of variables) {
    const endpoint = environment[variable];
    if (endpoint) return { endpoint, variable };
  }
  return undefined;
}
