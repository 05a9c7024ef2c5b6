import type { ContextReader } from './context-reader.ts';

type WithoutSecret = 'iam' | 'none';

/** A kind of authentication, and the secret that it uses. */
export type AuthenticationConfiguration<Kind extends string> =
  | { readonly kind: Extract<Kind, WithoutSecret> }
  | {
      readonly kind: Exclude<Kind, WithoutSecret>;
      readonly secretArn: string;
      /** The customer managed key of the secret; there for SCRAM with MSK. */
      readonly secretKeyArn: string | undefined;
    };

/** IAM, or SCRAM if a secret is given and nothing else is said. */
export function readMskAuthentication(
  reader: ContextReader,
): AuthenticationConfiguration<'iam' | 'scram-sha-512' | 'mtls'> | undefined {
  const given = reader.choice('authentication', ['iam', 'scram-sha-512', 'mtls']);
  if (given === undefined && reader.has('authentication')) return undefined;
  const kind = given ?? (reader.has('secretArn') ? 'scram-sha-512' : 'iam');
  if (kind === 'iam') return withoutSecret(reader, kind);
  const authentication = withSecret(reader, kind);
  if (kind === 'scram-sha-512' && authentication !== undefined) checkMskSecret(reader, authentication.secretArn);
  return authentication;
}

/** Source: MSK developer guide, "Set up SASL/SCRAM authentication for an Amazon MSK cluster". */
function checkMskSecret(reader: ContextReader, secretArn: string): void {
  if (!/:secret:AmazonMSK_/.test(secretArn)) {
    reader.refuse('secretArn', 'MSK takes only SCRAM secrets whose name begins with AmazonMSK_');
  }
  if (reader.has('secretKeyArn')) return;
  const why = 'MSK takes only SCRAM secrets that are encrypted with a customer managed key, and Lambda has to use it';
  reader.miss('secretKeyArn', why, ['secretArn', 'secretKeyArn']);
}

/** SCRAM with SHA-512 if nothing is said. */
export function readOwnAuthentication(
  reader: ContextReader,
): AuthenticationConfiguration<'scram-sha-512' | 'scram-sha-256' | 'plain' | 'mtls' | 'none'> | undefined {
  const given = reader.choice('authentication', ['scram-sha-512', 'scram-sha-256', 'plain', 'mtls', 'none']);
  if (given === undefined && reader.has('authentication')) return undefined;
  const kind = given ?? 'scram-sha-512';
  if (kind !== 'none') return withSecret(reader, kind);
  if (!reader.has('vpcId')) {
    reader.miss('vpcId', "authentication is 'none', which Lambda takes only of brokers in a VPC", [
      'vpcId',
      'subnetIds',
      'securityGroupIds',
    ]);
  }
  return withoutSecret(reader, kind);
}

function withoutSecret<Kind extends WithoutSecret>(reader: ContextReader, kind: Kind): { readonly kind: Kind } {
  for (const name of ['secretArn', 'secretKeyArn'] as const) {
    if (reader.has(name)) reader.contradict(name, `is not used by authentication '${kind}'`);
  }
  return { kind };
}

function withSecret<Kind extends string>(
  reader: ContextReader,
  kind: Kind,
): { readonly kind: Kind; readonly secretArn: string; readonly secretKeyArn: string | undefined } | undefined {
  if (!reader.has('secretArn')) {
    return reader.miss('secretArn', `authentication '${kind}' keeps its credentials in Secrets Manager`);
  }
  const secretArn = reader.text(
    'secretArn',
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    'expected is the whole ARN of a secret, with the six characters that Secrets Manager adds to its name',
  );
  const secretKeyArn = reader.text(
    'secretKeyArn',
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/,
    'expected is the ARN of a KMS key, and not of an alias, by which nothing can be granted',
  );
  return secretArn === undefined ? undefined : { kind, secretArn, secretKeyArn };
}
