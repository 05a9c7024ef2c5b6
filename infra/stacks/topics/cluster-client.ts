import type { BaseOptions } from '@platformatic/kafka';
import { mskIamToken } from './msk-iam-token.ts';

/** How the function reaches the cluster: the addresses that it is told, by IAM as its role, patiently. */
export function clusterClient(
  variable: (name: string) => string,
  now: () => Date,
): Required<Pick<BaseOptions, 'bootstrapBrokers' | 'tls' | 'sasl' | 'retries' | 'retryDelay'>> {
  return {
    bootstrapBrokers: variable('BOOTSTRAP_BROKERS').split(','),
    tls: {},
    sasl: {
      mechanism: 'OAUTHBEARER',
      token: () =>
        mskIamToken(
          variable('AWS_REGION'),
          {
            accessKeyId: variable('AWS_ACCESS_KEY_ID'),
            secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
            sessionToken: variable('AWS_SESSION_TOKEN'),
          },
          now(),
        ),
    },
    // A new cluster is not at once known to the resolver of its VPC.
    retries: 20,
    retryDelay: 5000,
  };
}
