import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import type { ConsumerAlarms } from './consumer-alarms.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { dashboardRows } from './dashboard-rows.ts';

/** A consumer on a dashboard, with its alarms if it has some; a `KafkaConsumer` is one. */
export interface DashboardConsumer {
  readonly metrics: ConsumerMetrics;
  readonly alarms?: ConsumerAlarms | undefined;
}

/**
 * - `consumers`: one or more, from the top down.
 * - `dashboardName`: default: CloudFormation's choice.
 * - `runbook`: where the headings point. Default: `docs/runbook.md`, which comes with the package.
 */
export interface ConsumerDashboardProps {
  readonly consumers: readonly DashboardConsumer[];
  readonly dashboardName?: string;
  readonly runbook?: string;
}

/**
 * A dashboard for whoever is on call: alarms, lag, what became of records, invocations, what to look into, and the latest
 * warnings of the log.
 *
 * It costs as one CloudWatch dashboard, and for each consumer six metrics more than the alarms alone.
 *
 * @throws ConfigurationError without a consumer.
 */
export class ConsumerDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: ConsumerDashboardProps) {
    super(scope, id);
    const { consumers, dashboardName, runbook = 'docs/runbook.md' } = props;
    if (consumers.length === 0) throw new ConfigurationError('consumers', 'is empty; name one consumer at least');
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      widgets: consumers
        .flatMap(({ metrics, alarms }) => dashboardRows(metrics, alarms, runbook))
        .map((widgets) => [...widgets]),
      ...(dashboardName !== undefined && { dashboardName }),
    });
  }
}
