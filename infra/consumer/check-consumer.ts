import { Annotations, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type ConsumerSettings, consumerProblems, type Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import { type SettingsProblem, settingsWarnings } from '../../lib/core/esm/settings.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';
import { named } from './property-names.ts';

/**
 * Refuses what AWS would refuse at deploy or, worse, accept and ignore, and warns of what it accepts and loses records by.
 *
 * @throws ConfigurationError telling every problem.
 */
export function checkConsumer(
  scope: Construct,
  props: KafkaConsumerProps,
  settings: Unchecked<ConsumerSettings>,
): void {
  refuseProblems([...consumerProblems(settings).map(named), ...ownProblems(props)]);
  for (const { property, message } of settingsWarnings(settings).map(named)) {
    Annotations.of(scope).addWarningV2(`kafka-once:${property}`, `${property} ${message}`);
  }
}

/** What only the construct can get wrong. */
function ownProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  const { mode = 'claim', namespace, deadLetters, maxAttempts } = props;
  const problems: SettingsProblem[] = [];
  if (mode !== 'claim') {
    problems.push({ property: 'mode', message: `'${mode}' is not in this version; it has 'claim'` });
  }
  if (namespace !== undefined && !Token.isUnresolved(namespace) && !/^[!-~]{1,100}$/.test(namespace)) {
    problems.push({ property: 'namespace', message: 'is to be 1 to 100 printable ASCII characters without spaces' });
  }
  if (deadLetters === 'none') {
    if (maxAttempts !== undefined) {
      problems.push({
        property: 'maxAttempts',
        message: "needs somewhere to put dead letters, and deadLetters is 'none'",
      });
    }
  } else if (deadLetters?.queue.fifo === true) {
    problems.push({
      property: 'deadLetters.queue',
      message: 'is a FIFO queue, which the toolkit does not write to; give a standard one',
    });
  }
  if (props.filters?.some(({ pattern }) => typeof pattern !== 'string') === true) {
    problems.push({
      property: 'filters',
      message: 'are to be made by FilterCriteria.filter(…): { pattern: <JSON text> }',
    });
  }
  return problems;
}
