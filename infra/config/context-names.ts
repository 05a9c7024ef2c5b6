/** The app's context values, each with an example as it stands behind `-c`. */
export const contextExamples = {
  mskClusterArn: 'arn:aws:kafka:eu-central-1:123456789012:cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3',
  bootstrapServers: 'broker-1.example.com:9094,broker-2.example.com:9094',
  greenfield: 'true',
  localstack: 'true',
  authentication: 'scram-sha-512',
  secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-AbCdEf',
  secretKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1',
  rootCaSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-ca-AbCdEf',
  vpcId: 'vpc-0a1b2c3d4e5f67890',
  subnetIds: 'subnet-0a1b2c3d4e5f67890,subnet-0b1c2d3e4f5a67890',
  securityGroupIds: 'sg-0a1b2c3d4e5f67890',
  clusterLabel: 'shop',
  ordersTopic: 'orders',
  customersTopic: 'customers',
  topicPartitions: '3',
  paymentGatewayUrl: 'https://payments.example.com',
  provisionedPollers: '1-4',
  partialResponses: 'mapping',
  eventSourceMappings: 'none',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:on-call',
  alarmEmail: 'on-call@example.com',
  runbookUrl: 'https://wiki.example.com/kafka-once/runbook',
  deployedTemplate: 'deployed.json',
  deployedClusterTemplate: 'deployed-cluster.json',
} as const;

/** The name of one of the app's context values. */
export type ContextName = keyof typeof contextExamples;

/** Context as CDK gathers it from the command line and its files; what belongs to CDK itself is among it. */
export type Context = Readonly<Record<string, unknown>>;

/** Of an MSK cluster: it takes SCRAM secrets of such names only. */
const mskExamples = { ...contextExamples, secretArn: contextExamples.secretArn.replace('shop', 'AmazonMSK_shop') };

/** A command that gives these values: `npx cdk deploy -c name=example …`. */
export function exampleCommand(
  names: readonly ContextName[],
  { msk = false }: { readonly msk?: boolean } = {},
): string {
  const examples = msk ? mskExamples : contextExamples;
  return ['npx cdk deploy', ...names.map((name) => `-c ${name}=${examples[name]}`)].join(' ');
}
