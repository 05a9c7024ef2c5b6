import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { KafkaSecret, MskAuthentication, SelfManagedAuthentication } from './kafka-authentication.ts';

/** One way in: a member of `SourceAccessConfigurations`. */
export type AccessConfiguration = CfnEventSourceMapping.SourceAccessConfigurationProperty;

type AnyAuthentication = MskAuthentication | SelfManagedAuthentication;

const types = {
  'SCRAM-SHA-512': 'SASL_SCRAM_512_AUTH',
  'SCRAM-SHA-256': 'SASL_SCRAM_256_AUTH',
  plain: 'BASIC_AUTH',
  mtls: 'CLIENT_CERTIFICATE_TLS_AUTH',
} as const;

/** What the mapping is told of the authentication: nothing for IAM, which Lambda uses on MSK when there is no secret. */
export function authenticationAccess(authentication: AnyAuthentication): readonly AccessConfiguration[] {
  if (authentication.kind === 'iam' || authentication.kind === 'none') return [];
  const name = authentication.kind === 'scram' ? authentication.mechanism : authentication.kind;
  return [{ type: types[name], uri: authentication.secret.secretArn }];
}

/** The secret that Lambda reads to authenticate itself. */
export function authenticationSecret(authentication: AnyAuthentication): KafkaSecret | undefined {
  return 'secret' in authentication ? authentication.secret : undefined;
}
