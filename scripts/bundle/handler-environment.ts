import { environmentVariables } from '../../lib/handler/options/environment.ts';

/** Everything that a handler needs to be loaded: what the construct sets, what Lambda sets, and the handlers' own. */
export const handlerEnvironment: Readonly<Record<string, string>> = {
  PAYMENT_GATEWAY_URL: 'https://payments.example.com',
  CUSTOMER_TABLE: 'customers',
  ORDER_TABLE: 'orders',
  ACCOUNT_TABLE: 'accounts',
  PRODUCT_TABLE: 'products',
  [environmentVariables.table]: 'idempotency',
  [environmentVariables.namespace]: 'orders',
  [environmentVariables.clusterLabel]: 'main',
  [environmentVariables.deadLetterQueueUrl]: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dead-letters',
  [environmentVariables.deadLetterBucket]: 'dead-letters',
  AWS_REGION: 'eu-central-1',
  NODE_OPTIONS: '--enable-source-maps',
};
