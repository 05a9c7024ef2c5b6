import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import type { PartName } from './part.ts';
import { PartsError } from './parts-error.ts';

const PROBE_EVERY_MS = 40;
const PROBE_TIMEOUT_MS = 5_000;

/** Credentials that the local servers take; they check none, but the protocols need some. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
export const LOCAL_REGION = 'us-east-1';

/**
 * Asks a server in its own protocol until it answers.
 *
 * @throws PartsError when `timeoutMs` have passed, or when `isGone` says that there is nothing to wait for.
 */
export async function untilItAnswers(
  part: PartName,
  endpoint: string,
  options: { readonly timeoutMs: number; readonly isGone?: () => boolean },
): Promise<void> {
  const startedAtMs = performance.now();
  for (;;) {
    try {
      await probes[part](endpoint);
      return;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (options.isGone?.()) throw new PartsError(`${part} ended before it answered at ${endpoint}`);
      if (performance.now() - startedAtMs > options.timeoutMs) {
        throw new PartsError(`${part} did not answer at ${endpoint} within ${options.timeoutMs} ms: ${why}`);
      }
      await delay(PROBE_EVERY_MS);
    }
  }
}

/** One question in the server's own protocol; rejects when there is no proper answer. */
const probes: Readonly<Record<PartName, (endpoint: string) => Promise<void>>> = {
  kafka: askKafka,
  dynamodb: (endpoint) => askJson(endpoint, 'dynamodb', 'DynamoDB_20120810.ListTables', '1.0'),
  sqs: (endpoint) => askJson(endpoint, 'sqs', 'AmazonSQS.ListQueues', '1.0'),
  s3: async (endpoint) => {
    const text = await ask(endpoint, { headers: authorization('s3') });
    if (!text.includes('ListAllMyBucketsResult')) throw new Error('the answer is not a list of buckets');
  },
};

async function askKafka(brokers: string): Promise<void> {
  const addresses = brokers.split(',');
  // A bare connection first, because a client is a lot to make for a server that does not listen yet.
  await canConnect(addresses[0] ?? '');
  const admin = new Admin({
    clientId: 'kafka-once-probe',
    bootstrapBrokers: addresses,
    retries: 0,
    connectTimeout: PROBE_TIMEOUT_MS,
    timeout: PROBE_TIMEOUT_MS,
  });
  try {
    const { brokers: nodes } = await admin.metadata({ topics: [] });
    if (nodes.size === 0) throw new Error('no broker is registered yet');
  } finally {
    await admin.close();
  }
}

async function canConnect(address: string): Promise<void> {
  const colon = address.lastIndexOf(':');
  const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  } finally {
    socket.destroy();
  }
}

async function askJson(endpoint: string, service: string, target: string, jsonVersion: string): Promise<void> {
  await ask(endpoint, {
    method: 'POST',
    headers: {
      ...authorization(service),
      'x-amz-target': target,
      'content-type': `application/x-amz-json-${jsonVersion}`,
    },
    body: '{}',
  });
}

async function ask(endpoint: string, request: RequestInit): Promise<string> {
  const response = await fetch(endpoint, { ...request, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return text;
}

/** Looks like a signature; local servers read its Region and access key and check nothing. */
function authorization(service: string): Record<string, string> {
  const scope = `${LOCAL_CREDENTIALS.accessKeyId}/20260101/${LOCAL_REGION}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    'x-amz-date': '20260101T000000Z',
  };
}
