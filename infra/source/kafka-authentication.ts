import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';

/** A secret, imported or made. Under TypeScript's `exactOptionalPropertyTypes` CDK's `Secret` is no `ISecret`. */
export type KafkaSecret = ISecret | Secret;

/** The hash of SASL/SCRAM. Amazon MSK has SHA-512 only. */
export type ScramMechanism = 'SCRAM-SHA-512' | 'SCRAM-SHA-256';

/** Lambda signs its connections as the function's role. */
export interface IamAuthentication {
  readonly kind: 'iam';
}

/** User name and password by SASL/SCRAM. */
export interface ScramAuthentication<Mechanism extends ScramMechanism = ScramMechanism> {
  readonly kind: 'scram';
  readonly mechanism: Mechanism;
  readonly secret: KafkaSecret;
}

/** User name and password by SASL/PLAIN, over TLS. */
export interface PlainAuthentication {
  readonly kind: 'plain';
  readonly secret: KafkaSecret;
}

/** A client certificate. */
export interface MutualTlsAuthentication {
  readonly kind: 'mtls';
  readonly secret: KafkaSecret;
}

/** None: whoever reaches the brokers may read. */
export interface NoAuthentication {
  readonly kind: 'none';
}

/** How Lambda proves itself to Amazon MSK. */
export type MskAuthentication = IamAuthentication | ScramAuthentication<'SCRAM-SHA-512'> | MutualTlsAuthentication;

/** How Lambda proves itself to brokers that are not MSK's. */
export type SelfManagedAuthentication =
  | ScramAuthentication
  | PlainAuthentication
  | MutualTlsAuthentication
  | NoAuthentication;

function scram(
  secret: KafkaSecret,
  options?: { readonly mechanism?: 'SCRAM-SHA-512' },
): ScramAuthentication<'SCRAM-SHA-512'>;
function scram(secret: KafkaSecret, options: { readonly mechanism: ScramMechanism }): ScramAuthentication;
function scram(secret: KafkaSecret, options: { readonly mechanism?: ScramMechanism } = {}): ScramAuthentication {
  return { kind: 'scram', mechanism: options.mechanism ?? 'SCRAM-SHA-512', secret };
}

/**
 * How Lambda proves itself to the brokers. Which ones a source takes is in its type: what AWS refuses does not compile.
 *
 * - `iam()`: MSK with IAM access control switched on. Where it is off Lambda connects without authentication.
 * - `scram(secret, { mechanism })`: the secret holds `{ "username", "password" }`. Default: `SCRAM-SHA-512`, which is all
 *   that MSK has. MSK takes only secrets with a customer managed key: import one with its `encryptionKey`, so that
 *   `kms:Decrypt` is granted.
 * - `plain(secret)`: the same contents, for self-managed brokers with SASL/PLAIN over TLS.
 * - `mtls(secret)`: `{ "certificate", "privateKey", "privateKeyPassword"? }`, in PEM, the key as PKCS #8.
 * - `none()`: self-managed brokers in a VPC.
 *
 * Secrets are in the Region of the function.
 *
 * Source: AWS Lambda developer guide, "Configuring cluster authentication methods in Lambda" (MSK and self-managed).
 */
export const KafkaAuthentication: {
  iam(): IamAuthentication;
  scram: typeof scram;
  plain(secret: KafkaSecret): PlainAuthentication;
  mtls(secret: KafkaSecret): MutualTlsAuthentication;
  none(): NoAuthentication;
} = {
  iam: () => ({ kind: 'iam' }),
  scram,
  plain: (secret) => ({ kind: 'plain', secret }),
  mtls: (secret) => ({ kind: 'mtls', secret }),
  none: () => ({ kind: 'none' }),
};
