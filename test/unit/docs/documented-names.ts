/** What the documentation's `$` names stand for in the tests; each is what a construct is given. */
export const names = {
  REGION: 'eu-central-1',
  ACCOUNT: '123456789012',
  CLUSTER: 'orders-cluster',
  CLUSTER_UUID: 'fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2',
  CLUSTER_ARN: 'arn:aws:kafka:eu-central-1:123456789012:cluster/orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2',
  TOPIC: 'orders',
  GROUP: 'shop-orders',
  TABLE: 'markers',
  TABLE_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-table',
  EFFECT_TABLE: 'balances',
  EFFECT_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-balances',
  QUEUE: 'letters',
  QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters',
  QUEUE_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-queue',
  BUCKET: 'large-letters',
  BUCKET_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-bucket',
  LOG_GROUP: 'orders-logs',
  FUNCTION: 'orders-function',
  ROLE_ARN: 'arn:aws:iam::123456789012:role/orders',
  SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_shop-AbCdEf',
  SECRET_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-secret',
  ROOT_CA_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ca-AbCdEf',
  BROKER_1: 'one.example.com:9094',
  BROKER_2: 'two.example.com:9094',
  SUBNET_ID: 'subnet-0a1',
  SECURITY_GROUP_ID: 'sg-0a1',
  REGISTRY: 'orders-schemas',
  FAILED_QUEUE: 'failed',
  FAILED_SNS_TOPIC: 'failed-topic',
  FAILED_BUCKET: 'failed-batches',
  FAILED_TOPIC: 'orders-failed',
  FAILED_KEY_ARN: 'arn:aws:kms:eu-central-1:123456789012:key/of-failed',
} as const;

const known = new Map<string, string>(Object.entries(names));

/** The text with values for its `$` names. */
export function withValues(text: string): string {
  return text.replaceAll(/\$([A-Z_0-9]+)/g, (_, name: string) => {
    const value = known.get(name);
    if (value === undefined) throw new Error(`$${name} stands for nothing`);
    return value;
  });
}
