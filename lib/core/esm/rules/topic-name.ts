import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';
import { shown } from './values.ts';

/** Lambda's pattern for `Topics`, which wants two characters, within what Kafka itself allows. */
const pattern = /^[a-zA-Z0-9\-_][a-zA-Z0-9\-_.]{1,248}$/;

/** AWS takes no such topic. AWS Lambda API reference, CreateEventSourceMapping, `Topics`. */
export function topicNameProblems({ topic }: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (topic === undefined || (typeof topic === 'string' && pattern.test(topic))) return [];
  const message = `is ${shown(topic)}; AWS allows one topic of 2 to 249 letters, digits, '-', '_' and '.', the first not a '.': it reads no other, so give the topic such a name`;
  return [{ property: 'topic', message }];
}
