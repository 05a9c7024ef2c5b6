import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';
import { modes } from '../../lib/handler/options/mode-rules.ts';
import { attemptsRange } from '../../lib/handler/options/option-checks.ts';
import { namespaceProblems } from '../watch/namespace-problems.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';
import { knownProps } from './known-props.ts';
import { logRetentions } from './log-retention.ts';

/** What only the construct's own properties can get wrong, as far as it shows before anything is made. */
export function propsProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  return [
    ...unknownProblems(props),
    ...choiceProblems(props),
    ...namespaceProblems(props.namespace ?? '-'),
    ...deadLetterProblems(props),
    ...sharedPlaceProblems(props),
    ...functionProblems(props),
    ...filterProblems(props),
  ];
}

/** For callers that are not type-checked: what is mistyped would leave a default in place unseen. */
function unknownProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  return Object.keys(props)
    .filter((property) => !knownProps.has(property))
    .map((property) => ({
      property,
      message: `is no property of KafkaConsumer; they are ${[...knownProps].join(', ')}`,
    }));
}

function choiceProblems({
  mode = 'claim',
  failureReporting = 'throw',
}: KafkaConsumerProps): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (!modes.includes(mode)) {
    const choices = modes.map((one) => `'${one}'`).join(', ');
    problems.push({ property: 'mode', message: `is '${mode}'; it is to be one of ${choices}` });
  }
  if (!['throw', 'report'].includes(failureReporting)) {
    problems.push({
      property: 'failureReporting',
      message: `is '${failureReporting}'; it is to be 'throw' or 'report'`,
    });
  }
  return problems;
}

function deadLetterProblems({ deadLetters, maxAttempts }: KafkaConsumerProps): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const { least, most } = attemptsRange;
  const isRight = (attempts: number): boolean => Number.isInteger(attempts) && attempts >= least && attempts <= most;
  if (maxAttempts !== undefined && !isRight(maxAttempts)) {
    problems.push({
      property: 'maxAttempts',
      message: `is ${maxAttempts}; the handler takes whole numbers from ${least} to ${most}`,
    });
  }
  if (deadLetters === 'none' && maxAttempts !== undefined) {
    problems.push({
      property: 'maxAttempts',
      message: "needs somewhere to put dead letters, and deadLetters is 'none'",
    });
  }
  if (deadLetters !== undefined && deadLetters !== 'none' && deadLetters.queue.fifo) {
    const message = 'is a FIFO queue, which the toolkit does not write to; give a standard one';
    problems.push({ property: 'deadLetters.queue', message });
  }
  return problems;
}

/** Batches that Lambda gave up on are no letters: who reads these would find what is none. */
function sharedPlaceProblems({ deadLetters, onFailure }: KafkaConsumerProps): readonly SettingsProblem[] {
  if (deadLetters === undefined || deadLetters === 'none' || onFailure === undefined) return [];
  const { arn } = onFailure.bind();
  const { queue, bucket } = deadLetters;
  const shared = arn === queue.queueArn ? 'queue' : bucket?.arnForObjects('*') === `${arn}/*` ? 'bucket' : undefined;
  if (shared === undefined) return [];
  const message = `is the ${shared} of the dead letters, and what Lambda writes of a batch that it gives up on is none; give a ${shared} of its own`;
  return [{ property: 'onFailure', message }];
}

/** AWS Lambda API reference, CreateFunction and Environment. */
function functionProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  const { memorySize, environment = {} } = props;
  const problems: SettingsProblem[] = [...limitProblems(props)];
  const isSize = (size: number): boolean => Number.isInteger(size) && size >= 128 && size <= 10_240;
  if (memorySize !== undefined && !isSize(memorySize)) {
    problems.push({ property: 'memorySize', message: `is ${memorySize}; AWS takes whole MB from 128 to 10240` });
  }
  const known: readonly string[] = Object.values(environmentVariables);
  for (const name of Object.keys(environment)) {
    if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name)) {
      const message = 'is no name of a variable: two or more letters, digits and _, a letter first';
      problems.push({ property: `environment.${name}`, message });
    } else if (name.startsWith('KAFKA_ONCE_') && !known.includes(name)) {
      const message = `is no variable of the toolkit, and the function would refuse it; they are ${known.join(', ')}`;
      problems.push({ property: `environment.${name}`, message });
    }
  }
  return problems;
}

/** AWS Lambda API reference, PutFunctionConcurrency and LoggingConfig. */
function limitProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  const { reservedConcurrentExecutions: reserved, logLevel = 'INFO', logRetentionDays: retention = 30 } = props;
  const problems: SettingsProblem[] = [];
  if (reserved !== undefined && !Token.isUnresolved(reserved) && !(Number.isInteger(reserved) && reserved >= 0)) {
    const message = `is ${reserved}; AWS takes whole numbers from 0, which stops the function`;
    problems.push({ property: 'reservedConcurrentExecutions', message });
  }
  if (!['TRACE', 'DEBUG', 'INFO'].includes(logLevel)) {
    const message = `is '${logLevel}'; it is to be TRACE, DEBUG or INFO: of what is above, metrics and alarms would see nothing`;
    problems.push({ property: 'logLevel', message });
  }
  if (!logRetentions.includes(retention)) {
    const message = `is ${retention}; CloudWatch Logs takes ${logRetentions.join(', ')}`;
    problems.push({ property: 'logRetentionDays', message });
  }
  return problems;
}

function filterProblems({ filters }: KafkaConsumerProps): readonly SettingsProblem[] {
  if (filters === undefined || filters.every(({ pattern }) => typeof pattern === 'string')) return [];
  return [{ property: 'filters', message: 'are to be made by FilterCriteria.filter(…): { pattern: <JSON text> }' }];
}
