import { Token } from 'aws-cdk-lib/core';
import { shown } from '../../lib/core/esm/rules/values.ts';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { isObject } from '../../lib/core/event/is-object.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';

/** What is to be given; undefined for a value of the right kind. */
type Shape = (value: unknown) => string | undefined;

const has =
  (method: string, otherwise: string): Shape =>
  (value) =>
    isObject(value) && typeof value[method] === 'function' ? undefined : otherwise;

const duration: Shape = (value) =>
  has('toMilliseconds', '')(value) === undefined
    ? undefined
    : `is ${shown(value)}; give a Duration, such as Duration.seconds(${typeof value === 'number' ? value : 60})`;

const text =
  (what: string): Shape =>
  (value) =>
    typeof value === 'string' ? undefined : `is no text; give ${what}`;

const boolean: Shape = (value) => (typeof value === 'boolean' ? undefined : `is ${shown(value)}; give true or false`);

const object =
  (what: string): Shape =>
  (value) =>
    isObject(value) ? undefined : `is ${shown(value)}; give ${what}`;

const orNone =
  (shape: Shape): Shape =>
  (value) =>
    value === 'none' ? undefined : shape(value);

const sources = 'KafkaSource.msk({ … }) or KafkaSource.selfManaged({ … })';
const tables = 'new IdempotencyTable(…), IdempotencyTable.fromTable(table) or IdempotencyTable.fromTableName(…)';
const letters = "new DeadLetters(…), { queue, bucket } with a queue and a bucket of CDK's, or 'none'";
const destinations = 'FailureDestination.sqs(queue), .sns(topic), .s3(bucket) or .kafka(topic)';

const required = {
  source: sources,
  topic: 'the name of the topic',
  entry: 'the file that exports the handler',
} as const satisfies Partial<Record<keyof KafkaConsumerProps, string>>;

/** Numbers and choices are held to their ranges by the rules, whatever their kind. */
const shapes: Partial<Readonly<Record<keyof KafkaConsumerProps, Shape>>> = {
  source: has('bind', `is no source; give ${sources}`),
  topic: text(required.topic),
  entry: text(required.entry),
  handler: text('the name that the file exports'),
  namespace: text('a name'),
  consumerGroupId: text('a name'),
  timeout: duration,
  lease: duration,
  batchingWindow: duration,
  maximumRecordAge: duration,
  table: has('grantMarkers', `is no table of markers; give ${tables}`),
  deadLetters: orNone((value) =>
    isObject(value) && has('grantSendMessages', 'no queue')(value.queue) === undefined
      ? undefined
      : `is no place for dead letters; give ${letters}`,
  ),
  onFailure: has('bind', `is no destination; give ${destinations}`),
  environment: object('the names of variables with their values'),
  metrics: object('{ source }'),
  alarms: orNone(object("{ topic }, or 'none'")),
  filters: (value) =>
    Array.isArray(value) ? undefined : `is ${shown(value)}; give a list: [FilterCriteria.filter(…)]`,
  reportBatchItemFailures: boolean,
  bisectBatchOnFunctionError: boolean,
  enabled: boolean,
  eventSourceMapping: (value) =>
    value === 'create' || value === 'none' ? undefined : `is ${shown(value)}; give 'create' or 'none'`,
};

/** Those that may be known to the deployment only: what AWS judges by itself, or nobody has to. */
const free: ReadonlySet<string> = new Set([
  'source',
  'table',
  'deadLetters',
  'environment',
  'vpc',
  'vpcSubnets',
  'securityGroups',
  'schemaRegistry',
  'onFailure',
  'alarms',
  'metrics',
  'filters',
  'enabled',
  'reservedConcurrentExecutions',
] satisfies (keyof KafkaConsumerProps)[]);

/**
 * Properties that are missing, of another kind than they are to be, or known to the deployment only while the rules have to
 * know them.
 *
 * For callers that are not type-checked it comes before anything else looks into the values.
 */
export function shapeProblems(props: KafkaConsumerProps): readonly SettingsProblem[] {
  const given: Readonly<Record<string, unknown>> = { ...props };
  const missing = Object.entries(required)
    .filter(([property]) => given[property] === undefined)
    .map(([property, what]) => ({ property, message: `is missing; give ${what}` }));
  const wrong = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .flatMap(([property, value]) => [
      ...(free.has(property) ? [] : unknownAtSynth(property, value)),
      ...(isUnresolved(value) ? [] : wrongShape(property, value)),
    ]);
  return [...missing, ...wrong, ...memberProblems(given)];
}

function wrongShape(property: string, value: unknown): readonly SettingsProblem[] {
  const shape = Object.entries(shapes).find(([name]) => name === property)?.[1];
  const message = shape?.(value);
  return message === undefined ? [] : [{ property, message }];
}

function memberProblems({ deadLetters, environment }: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const bucket = isObject(deadLetters) ? deadLetters.bucket : undefined;
  if (bucket !== undefined && has('arnForObjects', 'none')(bucket) !== undefined) {
    problems.push({ property: 'deadLetters.bucket', message: "is no bucket; give a bucket of CDK's, or none" });
  }
  for (const [name, value] of Object.entries(isObject(environment) ? environment : {})) {
    if (typeof value !== 'string') problems.push({ property: `environment.${name}`, message: 'is no text' });
  }
  return problems;
}

/** The value itself, or those of its members that are. */
function unknownAtSynth(property: string, value: unknown): readonly SettingsProblem[] {
  const message =
    'is known to the deployment only, as a parameter or an import is, and must be known at synth, where it is checked: give its value, for instance from the context';
  if (isUnresolved(value)) return [{ property, message }];
  if (!isObject(value) || has('toMilliseconds', 'no duration')(value) === undefined) return [];
  return Object.entries(value)
    .filter(([, member]) => isUnresolved(member))
    .map(([name]) => ({ property: `${property}.${name}`, message }));
}

function isUnresolved(value: unknown): boolean {
  if (isObject(value) && typeof value.isUnresolved === 'function') return value.isUnresolved() === true;
  return Token.isUnresolved(value);
}
