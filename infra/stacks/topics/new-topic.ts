import { isObject } from '../../../lib/core/event/is-object.ts';

/** A topic to make. Its replication is the cluster's default. */
export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
}

/** Topics as text for an environment variable. */
export function topicsText(topics: readonly NewTopic[]): string {
  return JSON.stringify(topics);
}

/** @throws TypeError if the text does not hold topics. */
export function topicsFrom(text: string): readonly NewTopic[] {
  const parsed: unknown = JSON.parse(text);
  if (Array.isArray(parsed) && parsed.every(isNewTopic)) return parsed;
  throw new TypeError(`expected are topics with partitions, not ${text}`);
}

function isNewTopic(value: unknown): value is NewTopic {
  return isObject(value) && typeof value.topic === 'string' && typeof value.partitions === 'number';
}
