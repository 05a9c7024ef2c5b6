import { randomUUID } from 'node:crypto';

/** The stack of the app. */
export const stackName = 'KafkaOnce';

/** What the deployed app and its synthesised mappings have in common: the failed records are named, the rest goes on. */
export const sharedContext: Readonly<Record<string, string>> = {
  ordersTopic: `orders-${randomUUID()}`,
  customersTopic: `customers-${randomUUID()}`,
  provisionedPollers: '1-4',
  partialResponses: 'report',
};
