import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { authenticationAccess, authenticationSecret } from './access-configuration.ts';
import { clusterLabelProblems } from './cluster-label.ts';
import { grantBrokers, grantCluster } from './grant-msk.ts';
import { grantNetworkInterfaces } from './grant-network-interfaces.ts';
import { grantSecret } from './grant-secret.ts';
import type { MskAuthentication } from './kafka-authentication.ts';
import {
  clusterAccountProblems,
  clusterArnProblems,
  clusterName,
  clusterRegionProblems,
  serverlessProblems,
} from './msk-cluster-arn.ts';
import { mskSecretProblems } from './msk-secret.ts';
import { otherRegionProblems } from './other-region.ts';
import type { SourceBinding } from './source-binding.ts';

/**
 * An Amazon MSK cluster, provisioned or serverless, of the function's account and Region.
 *
 * - `clusterArn`: `arn:<partition>:kafka:<region>:<account>:cluster/<name>/<uuid>`, or the attribute of a cluster that the
 *   same app makes.
 * - `authentication`: `KafkaAuthentication.iam()`, `.scram(secret)` or `.mtls(secret)`. Brokers of MSK have public
 *   certificates, so there is no root CA to give.
 * - `clusterLabel`: names the cluster in keys made of coordinates. Default: the cluster's name, which outlives its brokers
 *   and its UUID. Give the old label when a cluster is moved to another name together with its topics and offsets;
 *   otherwise records delivered again are not recognised.
 */
export interface MskSourceProps {
  readonly clusterArn: string;
  readonly authentication: MskAuthentication;
  readonly clusterLabel?: string;
}

/** What AWS would refuse, as far as it shows without the stack. */
export function mskSourceProblems(props: MskSourceProps): readonly SettingsProblem[] {
  return [
    ...clusterArnProblems(props.clusterArn),
    ...authenticationProblems(props.authentication),
    ...serverlessProblems(props.clusterArn, props.authentication.kind),
    ...clusterLabelProblems(props.clusterLabel),
  ];
}

/** Binds the cluster to the stack of the function that reads it. */
export function bindMskSource(scope: Construct, props: MskSourceProps): SourceBinding {
  const { clusterArn, authentication } = props;
  const stack = Stack.of(scope);
  const secret = authenticationSecret(authentication);
  refuseProblems([
    ...clusterRegionProblems(clusterArn, stack.region),
    ...clusterAccountProblems(clusterArn, stack.account),
    ...otherRegionProblems([{ property: 'authentication.secret', region: secret?.env.region }], stack.region),
    ...(authentication.kind === 'scram' ? mskSecretProblems(authentication.secret) : []),
  ]);
  const access = authenticationAccess(authentication);
  return {
    kind: 'msk',
    mapping: {
      eventSourceArn: clusterArn,
      ...(access.length > 0 && { sourceAccessConfigurations: [...access] }),
    },
    clusterLabel: props.clusterLabel ?? clusterName(clusterArn),
    grantConsume: (grantee, use) => {
      grantCluster(grantee, clusterArn, authentication.kind);
      // Lambda takes subnets and security groups from the cluster; its ARN does not tell them.
      grantNetworkInterfaces(grantee, stack, { subnetIds: ['*'], securityGroupIds: ['*'] });
      if (authentication.kind === 'iam') grantBrokers(grantee, clusterArn, use);
      if (secret !== undefined) grantSecret(grantee, secret);
    },
  };
}

/** For callers that are not type-checked. */
function authenticationProblems(authentication: MskAuthentication): readonly SettingsProblem[] {
  const name: string = authentication.kind === 'scram' ? authentication.mechanism : authentication.kind;
  if (['iam', 'SCRAM-SHA-512', 'mtls'].includes(name)) return [];
  const message = `is ${name}; Amazon MSK has iam(), scram(secret) with SCRAM-SHA-512, and mtls(secret)`;
  return [{ property: 'authentication', message }];
}
