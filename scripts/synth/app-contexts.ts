import type { Context } from '../../infra/config/context-names.ts';
import { account, region } from './matrix-resources.ts';

const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
const secret = {
  secretArn: arn('secretsmanager', 'secret:AmazonMSK_shop-AbCdEf'),
  secretKeyArn: arn('kms', 'key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1'),
};
const paymentGatewayUrl = 'https://payments.example.com';
const mskClusterArn = arn('kafka', 'cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3');
const bootstrapServers = 'broker-1.example.com:9094,broker-2.example.com:9094';

/** What may stand behind `-c` of the app: each source, and the ways to switch partial responses and alarms. */
export const appContexts: Readonly<Record<string, Context>> = {
  AppMsk: { paymentGatewayUrl, mskClusterArn, alarmEmail: 'on-call@example.com' },
  AppMskScramReporting: {
    paymentGatewayUrl,
    mskClusterArn,
    ...secret,
    provisionedPollers: '1-4',
    partialResponses: 'report',
    alarmTopicArn: arn('sns', 'on-call'),
  },
  AppBrokers: { paymentGatewayUrl, bootstrapServers, ...secret, authentication: 'plain' },
  AppBrokersInVpc: {
    paymentGatewayUrl,
    bootstrapServers,
    ...secret,
    authentication: 'mtls',
    rootCaSecretArn: arn('secretsmanager', 'secret:shop-ca-AbCdEf'),
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    subnetIds: 'subnet-0a1b2c3d4e5f67890,subnet-0b1c2d3e4f5a67890',
    securityGroupIds: 'sg-0a1b2c3d4e5f67890',
  },
  AppGreenfield: { paymentGatewayUrl, greenfield: 'true', alarmEmail: 'on-call@example.com' },
  AppLocalstack: { paymentGatewayUrl, localstack: 'true' },
};
