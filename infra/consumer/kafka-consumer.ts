import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnEventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, Names, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import type { MetricName } from '../../lib/core/observe/metrics.ts';
import type { Mode } from '../../lib/handler/options/mode-rules.ts';
import { DeadLetters, type DeadLetterTargets } from '../dead-letters/dead-letters.ts';
import { grantSendDeadLetters, grantTakeDeadLetters } from '../dead-letters/grant-dead-letters.ts';
import { type EffectTable, grantEffects } from '../table/grant-effects.ts';
import { IdempotencyTable, type IIdempotencyTable } from '../table/idempotency-table.ts';
import { ConsumerAlarms } from '../watch/consumer-alarms.ts';
import { ConsumerMetrics } from '../watch/consumer-metrics.ts';
import { atConstruct } from './at-construct.ts';
import { checkAtSynth } from './check-at-synth.ts';
import { checkConsumer } from './check-consumer.ts';
import { consumerEnvironment } from './consumer-environment.ts';
import { consumerFunction } from './consumer-function.ts';
import { consumerSettings } from './consumer-settings.ts';
import { eventSourceMapping, mappingMetrics } from './event-source-mapping.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';
import { refuseSharedGroup } from './one-consumer-a-group.ts';
import { refuseSharedNamespace } from './one-consumer-a-namespace.ts';
import { shapeProblems } from './props-shapes.ts';

const defaultBatchSize = 500;

/**
 * From a handler's file to a running, watched consumer that may do what it has to and nothing else.
 *
 * Makes a function (esbuild, Node 24, arm64), its event source mapping, an idempotency table, a dead-letter queue with an
 * overflow bucket, and alarms, and tells the function of them by its environment. By default the mapping has no limits: it
 * retries until a record is handled, is a proven duplicate or is stored as a dead letter.
 *
 * @throws ConfigurationError at synth, naming each property that AWS would refuse at deploy or accept and ignore.
 */
export class KafkaConsumer extends Construct implements IGrantable {
  /** What is set on its resource is held to the rules of the mapping at synth, but for what `addPropertyOverride` does. */
  readonly function: LambdaFunction;
  readonly logGroup: ILogGroup;
  /**
   * The mapping as CloudFormation has it: what is set on it reaches what the properties do not, and is held to the same
   * rules at synth. What `addPropertyOverride` does is not. Undefined where `eventSourceMapping` is `'none'`.
   */
  readonly mapping: CfnEventSourceMapping | undefined;
  readonly table: IIdempotencyTable;
  /** Undefined where `deadLetters` is `'none'`. */
  readonly deadLetters: DeadLetterTargets | undefined;
  /** Keeps the keys of this consumer apart in the table. */
  readonly namespace: string;
  /** What the role may do is for this mode, and the handler's code has to have the same. */
  readonly mode: Mode;
  readonly topic: string;
  readonly consumerGroupId: string;
  /** The principal of the function, for `grant…(consumer)` of other constructs. */
  readonly grantPrincipal: IPrincipal;
  /** Every metric there is of the consumer. */
  readonly metrics: ConsumerMetrics;
  /** Undefined where `alarms` is `'none'`. */
  readonly alarms: ConsumerAlarms | undefined;

  constructor(scope: Construct, id: string, props: KafkaConsumerProps) {
    super(scope, id);
    try {
      refuseProblems(shapeProblems(props));
      const { topic, mode = 'claim' } = props;
      this.topic = topic;
      this.mode = mode;
      const name = stableName(this);
      this.namespace = props.namespace ?? name;
      this.consumerGroupId = props.consumerGroupId ?? this.namespace;
      const timeout = props.timeout ?? Duration.minutes(1);
      const batchSize = props.batchSize ?? defaultBatchSize;
      this.table = props.table ?? new IdempotencyTable(this, 'Idempotency');
      const { region } = Stack.of(this);
      const { consumerGroupId } = this;
      const tableRegion = this.table.region;
      const { namespace } = this;
      const settings = consumerSettings(props, { namespace, timeout, batchSize, region, tableRegion });
      checkConsumer(this, props, settings);
      refuseSharedNamespace(this, { namespace: this.namespace, topic, tableName: this.table.tableName });
      if (props.eventSourceMapping !== 'none') {
        refuseSharedGroup(this, { consumerGroupId, namespace: this.namespace });
      }

      const source = props.source.bind(this);
      this.deadLetters =
        props.deadLetters === 'none' ? undefined : (props.deadLetters ?? new DeadLetters(this, 'DeadLetters'));
      const made = consumerFunction(this, props, {
        timeout,
        needs: clientsFor(this.deadLetters),
        environment: consumerEnvironment(
          {
            tableName: this.table.tableName,
            mode,
            namespace: this.namespace,
            clusterLabel: source.clusterLabel,
            deadLetters: this.deadLetters,
            reportTopics: props.failureReporting === 'report' ? [topic] : [],
            leaseMs: props.lease?.toMilliseconds(),
            maxAttempts: props.maxAttempts,
          },
          props.environment,
        ),
      });
      this.function = made.function;
      this.logGroup = made.logGroup;
      this.grantPrincipal = made.role;

      this.table.grantMarkers(made.role, this.mode);
      if (this.deadLetters !== undefined) grantSendDeadLetters(made.role, this.deadLetters);
      const destination = props.onFailure?.bind();
      destination?.grant(made.role);
      const failureTopic = destination?.setting.kind === 'kafka' ? destination.setting.topic : undefined;
      source.grantConsume(made.role, { topic, consumerGroupId, ...(failureTopic !== undefined && { failureTopic }) });

      const connection = { function: this.function, source, topic, consumerGroupId, batchSize };
      this.mapping =
        props.eventSourceMapping === 'none'
          ? undefined
          : eventSourceMapping(this, { ...connection, failureDestination: destination?.arn }, props);
      if (this.mapping !== undefined) {
        // AWS checks the role when the mapping is made.
        this.mapping.node.addDependency(made.role);
        checkAtSynth(this, { mapping: this.mapping, reader: this.function }, settings);
      }

      const watched = {
        ...{ function: this.function, logGroup: this.logGroup, name, namespace: this.namespace },
        ...(this.mapping !== undefined && { mapping: this.mapping }),
        ...{ topic, consumerGroupId, functionTimeout: timeout },
        hasProvisionedPollers: props.provisionedPollers !== undefined,
        esmMetrics: this.mapping === undefined ? [] : mappingMetrics(props),
        ...(this.deadLetters !== undefined && { deadLetterQueue: this.deadLetters.queue }),
      };
      this.metrics = new ConsumerMetrics(this, watched, props.metrics);
      this.alarms =
        props.alarms === 'none'
          ? undefined
          : new ConsumerAlarms(this, 'Alarms', { ...props.alarms, watched, metrics: this.metrics });
    } catch (error) {
      throw atConstruct(this, error);
    }
  }

  /** A metric of the toolkit; see `metricTable` of `kafka-once/powertools`. Default: its sum over 5 minutes. */
  metric(name: MetricName, props?: MetricOptions): Metric {
    return this.metrics.metric(name, props);
  }

  /** Records of the topic that the consumer group has not processed: the maximum over 5 minutes. */
  metricOffsetLag(props?: MetricOptions): Metric {
    return this.metrics.metricOffsetLag(props);
  }

  /** Records put aside, whatever the reason: the sum over 5 minutes. */
  metricDeadLetters(props?: MetricOptions): Metric {
    return this.metrics.metricDeadLetters(props);
  }

  /**
   * Grants what effects do with a table of the handler's, with the use of its key: to put, update, delete and check items. What
   * the handler reads by itself is granted by the table's methods.
   *
   * @throws ConfigurationError in a mode that commits no effects, and for a table that no transaction of the function reaches.
   */
  grantEffects(table: EffectTable): Grant {
    const { mode, grantPrincipal, table: markers } = this;
    const { region, account } = Stack.of(this);
    try {
      return grantEffects({ mode, grantPrincipal, markers, env: { region, account } }, table);
    } catch (error) {
      throw atConstruct(this, error);
    }
  }

  /** Grants what it takes to look at dead letters and to take them off the queue. Without a queue it grants nothing. */
  grantTakeDeadLetters(grantee: IGrantable): void {
    if (this.deadLetters !== undefined) grantTakeDeadLetters(grantee, this.deadLetters);
  }

  /** Grants to invoke the function by hand, with an event of one's own. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.function.grantInvoke(grantee);
  }
}

/** What dead letters are written with, loaded for the first of them. */
function clientsFor(deadLetters: DeadLetterTargets | undefined): readonly string[] {
  if (deadLetters === undefined) return [];
  return ['@aws-sdk/client-sqs', ...(deadLetters.bucket === undefined ? [] : ['@aws-sdk/client-s3'])];
}

/** Stays when the function is replaced: made of the names of the stack and of the construct's path in it. */
function stableName(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' });
}
