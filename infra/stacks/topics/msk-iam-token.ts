import { createHash, createHmac } from 'node:crypto';

/** As the runtime of Lambda gives them to a function. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const validSeconds = 900;

/**
 * A token with which Kafka's `OAUTHBEARER` proves an AWS identity to Amazon MSK: a signed URL for `kafka-cluster:Connect`,
 * in base64url. It is good for a connection that begins within 15 minutes.
 *
 * Source: Amazon MSK developer guide, "Configure clients for IAM access control"; IAM user guide, "Create a signed AWS API
 * request".
 */
export function mskIamToken(region: string, credentials: Credentials, now: Date): string {
  const host = `kafka.${region}.amazonaws.com`;
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/kafka-cluster/aws4_request`;
  const query = queryText({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(validSeconds),
    ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  });
  const request = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const key = [date, region, 'kafka-cluster', 'aws4_request'].reduce<string | Buffer>(
    (signingKey, part) => createHmac('sha256', signingKey).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}&User-Agent=kafka-once`;
  return Buffer.from(url).toString('base64url');
}

/** Sorted and encoded as the signature wants it. */
function queryText(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.map(encoded).join('='))
    .join('&');
}

/** `encodeURIComponent` leaves out four characters that RFC 3986 reserves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
