import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import { KafkaConsumer } from '../consumer/kafka-consumer.ts';
import type { KafkaConsumerProps } from '../consumer/kafka-consumer-props.ts';
import { DeadLetters } from '../dead-letters/dead-letters.ts';
import { acknowledgeConsumer } from '../nag/acknowledge-consumer.ts';
import type { NetworkPlace } from '../source/grant-network-interfaces.ts';
import type { KafkaSource } from '../source/kafka-source.ts';
import { IdempotencyTable } from '../table/idempotency-table.ts';
import { ConsumerDashboard } from '../watch/consumer-dashboard.ts';
import { alarmTopic } from './alarm-topic.ts';
import { consumerOutputs } from './consumer-outputs.ts';
import { CustomerTable } from './customer-table.ts';
import { tableOutputs } from './table-outputs.ts';

/**
 * - `source`: makes the source in the stack.
 * - `place`: where the pollers come in, if in a VPC.
 * - `mapping`: false leaves out the event source mappings and what reads their metrics. Default: true.
 * - `disposable`: true lets everything go with the stack, as in a test. Default: false.
 */
export interface ConsumersStackProps extends StackProps {
  readonly configuration: Configuration;
  readonly source: (scope: Construct) => KafkaSource;
  readonly place?: NetworkPlace;
  readonly mapping?: boolean;
  readonly disposable?: boolean;
}

const handlers = new URL('../../handlers/', import.meta.url);

/** The two handlers of `handlers/`, each a consumer, on one idempotency table. */
export class ConsumersStack extends Stack {
  readonly consumers: readonly KafkaConsumer[];

  constructor(scope: Construct, id: string, props: ConsumersStackProps) {
    super(scope, id, { description: 'Kafka consumers whose records take effect once', ...props });
    const { configuration, mapping = true, disposable = false } = props;
    const keeping = {
      deletionProtection: !disposable,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    const { removalPolicy } = keeping;
    const table = new IdempotencyTable(this, 'Idempotency', keeping);
    const customers = new CustomerTable(this, 'Customers', keeping);
    const eventSourceMapping = mapping ? 'create' : 'none';
    const shared = { source: props.source(this), table, eventSourceMapping, ...mappingProps(configuration) } as const;
    const alarms = mapping ? alarmProps(this, configuration) : ({ alarms: 'none' } as const);

    const chargeOrdersDeadLetters = new DeadLetters(this, 'ChargeOrdersDeadLetters', { removalPolicy });
    const chargeOrders = new KafkaConsumer(this, 'ChargeOrders', {
      ...shared,
      ...alarms,
      entry: fileURLToPath(new URL('charge-orders.ts', handlers)),
      topic: configuration.topics.orders,
      environment: { PAYMENT_GATEWAY_URL: configuration.paymentGatewayUrl },
      // Three leases of the handler's.
      timeout: Duration.minutes(2),
      deadLetters: chargeOrdersDeadLetters,
    });
    const indexCustomersDeadLetters = new DeadLetters(this, 'IndexCustomersDeadLetters', { removalPolicy });
    const indexCustomers = new KafkaConsumer(this, 'IndexCustomers', {
      ...shared,
      ...alarms,
      entry: fileURLToPath(new URL('index-customers.ts', handlers)),
      topic: configuration.topics.customers,
      environment: { CUSTOMER_TABLE: customers.table.tableName },
      deadLetters: indexCustomersDeadLetters,
    });
    customers.grantPut(indexCustomers);
    this.consumers = [chargeOrders, indexCustomers];

    acknowledgeConsumer(chargeOrders, chargeOrdersDeadLetters, props.place);
    acknowledgeConsumer(indexCustomers, indexCustomersDeadLetters, props.place);
    if (mapping) {
      new ConsumerDashboard(this, 'Dashboard', {
        consumers: this.consumers.map(({ metrics, alarms }) => ({ metrics, ...(alarms !== undefined && { alarms }) })),
        ...runbookProps(configuration),
      });
    }
    tableOutputs(this, { IdempotencyTableName: table.table, CustomerTableName: customers.table });
    consumerOutputs(this, 'ChargeOrders', chargeOrders);
    consumerOutputs(this, 'IndexCustomers', indexCustomers);
  }
}

/** Partial responses come on in two deployments, the mapping's before the function's, and go in reverse. */
function mappingProps({
  provisionedPollers,
  partialResponses,
}: Configuration): Pick<KafkaConsumerProps, 'provisionedPollers' | 'reportBatchItemFailures' | 'failureReporting'> {
  return {
    ...(provisionedPollers !== undefined && { provisionedPollers }),
    reportBatchItemFailures: partialResponses !== 'off',
    failureReporting: partialResponses === 'report' ? 'report' : 'throw',
  };
}

function alarmProps(scope: Construct, configuration: Configuration): Pick<KafkaConsumerProps, 'alarms'> {
  const topic = alarmTopic(scope, configuration.alarms);
  return { alarms: { ...(topic !== undefined && { topic }), ...runbookProps(configuration) } };
}

function runbookProps({ runbookUrl }: Configuration): { readonly runbook?: string } {
  return runbookUrl === undefined ? {} : { runbook: runbookUrl };
}
