import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { environmentVariables } from '../../lib/handler/options/environment.ts';
import { attemptsRange } from '../../lib/handler/options/option-checks.ts';
import { namespaceProblems } from '../watch/namespace-problems.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';
import { knownProps } from './known-props.ts';

/** What only the construct's own properties can get wrong, as far as it shows before anything is made. */
export function propsProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  return [
    ...unknownProblems(props),
    ...modeProblems(props),
    ...namespaceProblems(props.namespace ?? '-'),
    ...deadLetterProblems(props),
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

function modeProblems({ mode = 'claim', failureReporting = 'throw' }: KafkaConsumerProps): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (mode !== 'claim') {
    problems.push({ property: 'mode', message: `'${mode}' is not in this version; it has 'claim'` });
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
  if (maxAttempts !== undefined && !Token.isUnresolved(maxAttempts) && !isRight(maxAttempts)) {
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

/** AWS Lambda API reference, CreateFunction and Environment. */
function functionProblems({ memorySize, environment = {} }: KafkaConsumerProps): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const isSize = (size: number): boolean => Number.isInteger(size) && size >= 128 && size <= 10_240;
  if (memorySize !== undefined && !Token.isUnresolved(memorySize) && !isSize(memorySize)) {
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

function filterProblems({ filters }: KafkaConsumerProps): readonly SettingsProblem[] {
  if (filters === undefined || filters.every(({ pattern }) => typeof pattern === 'string')) return [];
  return [{ property: 'filters', message: 'are to be made by FilterCriteria.filter(…): { pattern: <JSON text> }' }];
}
