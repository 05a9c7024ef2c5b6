import { describe, expect, it } from 'vitest';
import { clusterClient } from '../../../../../infra/stacks/topics/cluster-client.ts';
import { mskIamToken } from '../../../../../infra/stacks/topics/msk-iam-token.ts';

const environment = new Map([
  ['BOOTSTRAP_BROKERS', 'boot-1.example:9098,boot-2.example:9098'],
  ['AWS_REGION', 'eu-central-1'],
  ['AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE'],
  ['AWS_SECRET_ACCESS_KEY', 'secret'],
  ['AWS_SESSION_TOKEN', 'session'],
]);
const now = new Date('2026-11-21T10:11:12.345Z');

describe('the client that makes topics', () => {
  const client = clusterClient(
    (name) => environment.get(name) ?? '',
    () => now,
  );

  it('waits over a minute and a half for a cluster that its VPC does not know yet', () => {
    expect(client).toEqual({
      bootstrapBrokers: ['boot-1.example:9098', 'boot-2.example:9098'],
      tls: {},
      sasl: { mechanism: 'OAUTHBEARER', token: expect.any(Function) },
      retries: 20,
      retryDelay: 5000,
    });
  });

  it('proves itself as the role of the function, anew for each connection', () => {
    const { token } = client.sasl ?? {};
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
    expect(typeof token === 'function' ? token() : token).toBe(mskIamToken('eu-central-1', credentials, now));
  });
});
