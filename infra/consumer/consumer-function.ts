import { existsSync } from 'node:fs';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { grantNetworkInterfaces } from '../source/grant-network-interfaces.ts';
import { vpcInterface } from '../source/vpc-interface.ts';
import { withHandlerCode } from './handler-code.ts';
import type { ConsumerFunctionProps } from './kafka-consumer-props.ts';
import { retentionOf } from './log-retention.ts';

/** A function, the role that it runs as and the log group that it writes to. */
export interface ConsumerFunction {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
}

/**
 * Makes the function: an ECMAScript module bundled with what it needs at its start, on Node 24 and arm64, with JSON logs in a log group of
 * its own, source maps and tracing. Its role may write its logs and traces, nothing else yet.
 */
export function consumerFunction(
  scope: Construct,
  props: ConsumerFunctionProps,
  settled: {
    readonly timeout: Duration;
    readonly environment: Record<string, string>;
    /** Packages that are imported on demand for dead letters. */
    readonly needs: readonly string[];
  },
): ConsumerFunction {
  checkEntry(props.entry);
  const { handler = 'handler', vpc, vpcSubnets, securityGroups, reservedConcurrentExecutions } = props;
  const logGroup = new LogGroup(scope, 'Logs', { retention: retentionOf(props.logRetentionDays ?? 30) });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  Grant.addToPrincipal({
    grantee: role,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resourceArns: [logGroup.logGroupArn],
  });
  const source = { entry: props.entry, handler, needs: settled.needs };
  const made = withHandlerCode(
    source,
    props.esbuild,
    (code) =>
      new LambdaFunction(scope, 'Function', {
        code,
        handler: `index.${handler}`,
        runtime: Runtime.NODEJS_24_X,
        architecture: Architecture.ARM_64,
        timeout: settled.timeout,
        memorySize: props.memorySize ?? 1024,
        environment: settled.environment,
        role,
        logGroup,
        loggingFormat: LoggingFormat.JSON,
        applicationLogLevelV2: ApplicationLogLevel[props.logLevel ?? 'INFO'],
        tracing: Tracing.ACTIVE,
        ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
        ...(vpc !== undefined && { vpc: vpcInterface(vpc) }),
        ...(vpcSubnets !== undefined && { vpcSubnets }),
        ...(securityGroups !== undefined && { securityGroups: [...securityGroups] }),
      }),
  );
  if (vpc !== undefined) {
    grantNetworkInterfaces(role, Stack.of(scope), {
      subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
      securityGroupIds: made.connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
    });
  }
  return { function: made, role, logGroup };
}

function checkEntry(entry: string): void {
  if (existsSync(entry)) return;
  throw new ConfigurationError(
    'entry',
    `is '${entry}', and there is no such file; give the file that exports the handler`,
  );
}
