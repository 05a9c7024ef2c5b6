import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type ConsumerSettings, consumerProblems, type Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import { warnOfShortRetention } from '../dead-letters/short-retention.ts';
import { otherRegionProblems } from '../source/other-region.ts';
import { warnOfFutureStart } from './future-start.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';
import { placedProps } from './placed-props.ts';
import { named } from './property-names.ts';
import { propsProblems } from './props-problems.ts';
import { warnOfSettings } from './warn-of-settings.ts';

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
  const { region } = Stack.of(scope);
  refuseProblems([
    ...consumerProblems(settings).map(named),
    ...propsProblems(props),
    ...otherRegionProblems(placedProps(props), region),
  ]);
  warnOfSettings(scope, settings);
  warnOfFutureStart(scope, props.startingPosition, Date.now());
  const { deadLetters } = props;
  if (deadLetters !== undefined && deadLetters !== 'none') warnOfShortRetention(scope, deadLetters);
}
