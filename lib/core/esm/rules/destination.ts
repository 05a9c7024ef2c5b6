import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';
import { shown } from './values.ts';

/** Lambda's pattern for `kafka://<topic>`, within what Kafka itself allows. */
const topicPattern = /^[a-zA-Z0-9\-_][a-zA-Z0-9\-_.]{0,248}$/;

/** Developer guide, `kafka-on-failure` and `kafka-on-failure-destination`; API reference, OnFailure. */
export function destinationProblems({
  onFailure,
  topic: source,
}: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (onFailure === undefined) return [];
  const problem = (message: string, property = 'onFailure'): readonly SettingsProblem[] => [{ property, message }];
  switch (onFailure?.kind) {
    case 's3':
      return [];
    case 'sqs':
    case 'sns': {
      if (onFailure.fifo !== true) return [];
      const what = onFailure.kind === 'sqs' ? 'queue' : 'topic';
      return problem(`is a FIFO ${what}, to which Lambda sends no failed batches: use a standard ${what}`);
    }
    case 'kafka': {
      const { topic } = onFailure;
      if (typeof topic !== 'string' || !topicPattern.test(topic)) {
        const allowed = "1 to 249 letters, digits, '-', '_' and '.', the first not a '.'";
        return problem(`is ${shown(topic)}; AWS allows ${allowed}: choose such a topic`, 'onFailure.topic');
      }
      if (topic !== source) return [];
      return problem(
        `is ${topic}, the topic that the mapping reads; AWS refuses it, because failed batches would be read again for ever: name another topic of the same cluster`,
        'onFailure.topic',
      );
    }
    default:
      return problem(`is ${shown(onFailure)}; Lambda knows the kinds sqs, sns, s3 and kafka: use one of these`);
  }
}
