import { makeTopics } from './make-topics.ts';
import { mskIamToken } from './msk-iam-token.ts';
import { topicsFrom } from './new-topic.ts';

/** Runs in the VPC of the cluster while the stack is deployed; what it throws fails the deployment. */
export async function handler(): Promise<void> {
  await makeTopics(
    {
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
            new Date(),
          ),
      },
      // A new cluster is not at once known to the resolver of its VPC.
      retries: 20,
      retryDelay: 5000,
    },
    topicsFrom(variable('TOPICS')),
  );
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing in the environment of the function`);
  return value;
}
