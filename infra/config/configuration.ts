import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import { topicNameProblems } from '../../lib/core/esm/rules/topic-name.ts';
import { checkRegions } from './check-regions.ts';
import type { Context, ContextName } from './context-names.ts';
import { ContextReader } from './context-reader.ts';
import { mistypedNames } from './mistyped-names.ts';
import { readSource, type SourceConfiguration } from './source-configuration.ts';

/** Where alarms go: a topic that exists, or an address for which one is made. */
export type AlarmConfiguration = { readonly topicArn: string } | { readonly email: string };

/**
 * What the app deploys.
 *
 * - `partialResponses`: `off`; `mapping`, where the mapping takes them and the function does not give them yet; `report`,
 *   where it does. Between `off` and `report` lies a deployment with `mapping`, in both directions.
 * - `eventSourceMappings`: `create`; `none`, where they are taken away so that others can be made in their place.
 * - `runbookUrl`: where alarms and dashboard point; undefined for the path of the runbook in the package.
 * - `deployedTemplate`, `deployedClusterTemplate`: files with the templates that are deployed now.
 */
export interface Configuration {
  readonly source: SourceConfiguration;
  readonly topics: { readonly orders: string; readonly customers: string };
  readonly paymentGatewayUrl: string;
  readonly provisionedPollers: { readonly minimum: number; readonly maximum?: number } | undefined;
  readonly partialResponses: 'off' | 'mapping' | 'report';
  readonly eventSourceMappings: 'create' | 'none';
  readonly alarms: AlarmConfiguration | undefined;
  readonly runbookUrl: string | undefined;
  readonly deployedTemplate: string | undefined;
  readonly deployedClusterTemplate: string | undefined;
}

/**
 * Reads the app's configuration from CDK's context. `region` is that of the stack, where it is known.
 *
 * @throws ConfigurationError naming each context value that is missing, mistyped, malformed or contradicts another.
 */
export function readConfiguration(context: Context, region?: string): Configuration {
  const reader = new ContextReader(context);
  reader.problems.push(...mistypedNames(context));
  const source = readSource(reader);
  const provisionedPollers = readPollers(reader);
  const partialResponses = reader.choice('partialResponses', ['off', 'mapping', 'report']) ?? 'off';
  if (partialResponses !== 'off' && !reader.has('provisionedPollers')) {
    reader.miss(
      'provisionedPollers',
      `partialResponses is '${partialResponses}', for which AWS wants provisioned mode`,
    );
  }
  const configuration = {
    topics: { orders: readTopic(reader, 'ordersTopic'), customers: readTopic(reader, 'customersTopic') },
    paymentGatewayUrl: readGatewayUrl(reader),
    provisionedPollers,
    partialResponses,
    eventSourceMappings: reader.choice('eventSourceMappings', ['create', 'none']) ?? 'create',
    alarms: readAlarms(reader),
    runbookUrl: readRunbookUrl(reader),
    deployedTemplate: reader.text('deployedTemplate', /./, 'expected is a file'),
    deployedClusterTemplate: reader.text('deployedClusterTemplate', /./, 'expected is a file'),
  };
  if (configuration.topics.orders === configuration.topics.customers) {
    reader.contradict('customersTopic', `is '${configuration.topics.customers}', which is the topic of orders`);
  }
  checkRegions(reader, region);
  refuseProblems(reader.problems);
  // Without a source there is a problem, which was refused.
  return { ...configuration, source: source ?? { kind: 'localstack' } };
}

function readTopic(reader: ContextReader, name: 'ordersTopic' | 'customersTopic'): string {
  const topic = reader.text(name, /^/, 'expected is a name') ?? name.replace('Topic', '');
  reader.check(name, topicNameProblems({ topic }));
  return topic;
}

function readGatewayUrl(reader: ContextReader): string {
  const name: ContextName = 'paymentGatewayUrl';
  if (!reader.has(name)) reader.miss(name, 'charge-orders sends its charges there');
  return readUrl(reader, name, 'expected is an http or https URL') ?? '';
}

/** The heading of each alarm is put behind it as a fragment, in a description of at most 1024 characters. */
function readRunbookUrl(reader: ContextReader): string | undefined {
  const name: ContextName = 'runbookUrl';
  const expected = 'expected is an http or https URL of at most 500 characters without a fragment';
  const url = readUrl(reader, name, expected);
  return url === undefined || /^[^#\s]{1,500}$/.test(url) ? url : reader.refuse(name, expected);
}

function readUrl(reader: ContextReader, name: ContextName, expected: string): string | undefined {
  const url = reader.text(name, /^/, expected);
  if (url === undefined || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  return reader.refuse(name, expected);
}

function readPollers(reader: ContextReader): Configuration['provisionedPollers'] {
  const name: ContextName = 'provisionedPollers';
  const range = reader.text(name, /^\d+(-\d+)?$/, "expected is a minimum from 1 to 200, or 'minimum-maximum'");
  if (range === undefined) return undefined;
  const [minimum = 0, maximum] = range.split('-').map(Number);
  if (minimum < 1 || minimum > 200) return reader.refuse(name, 'expected is a minimum from 1 to 200');
  if (maximum === undefined) return { minimum };
  if (maximum < minimum || maximum > 2000) {
    return reader.refuse(name, 'expected is a maximum from the minimum to 2000');
  }
  return { minimum, maximum };
}

function readAlarms(reader: ContextReader): AlarmConfiguration | undefined {
  const topicArn = reader.text(
    'alarmTopicArn',
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
    'expected is the ARN of a standard SNS topic',
  );
  const email = reader.text('alarmEmail', /^[^\s@]+@[^\s@]+$/, 'expected is an e-mail address');
  if (reader.has('alarmTopicArn') && reader.has('alarmEmail')) {
    reader.contradict('alarmEmail', 'is given with alarmTopicArn, whose subscriptions are its own');
  }
  if (topicArn !== undefined) return { topicArn };
  return email === undefined ? undefined : { email };
}
