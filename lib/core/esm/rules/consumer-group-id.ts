import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';
import { shown } from './values.ts';

const pattern = /^[a-zA-Z0-9\-/*:_+=.@]{1,200}$/;

/** AWS takes no such group. AWS Lambda API reference, AmazonManagedKafkaEventSourceConfig, `ConsumerGroupId`. */
export function consumerGroupIdProblems({
  consumerGroupId,
}: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (consumerGroupId === undefined) return [];
  if (typeof consumerGroupId === 'string' && pattern.test(consumerGroupId)) return [];
  const message = `is ${shown(consumerGroupId)}; AWS allows 1 to 200 letters, digits and any of -/*:_+=.@ : choose such a name`;
  return [{ property: 'consumerGroupId', message }];
}
