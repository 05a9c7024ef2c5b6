import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { type AccessConfiguration, authenticationAccess, authenticationSecret } from './access-configuration.ts';
import { bootstrapServerProblems } from './bootstrap-servers.ts';
import { clusterLabelProblems } from './cluster-label.ts';
import { grantNetworkInterfaces } from './grant-network-interfaces.ts';
import { grantSecret } from './grant-secret.ts';
import type { KafkaSecret, SelfManagedAuthentication } from './kafka-authentication.ts';
import { otherRegionProblems } from './other-region.ts';
import type { SourceBinding } from './source-binding.ts';
import {
  networkAccess,
  networkPlace,
  networkPlaceProblems,
  type VpcAccessProps,
  vpcAccessProblems,
} from './vpc-access.ts';

/**
 * Brokers that are not Amazon MSK's: own machines, Confluent Cloud, Redpanda and others.
 *
 * - `bootstrapServers`: 1 to 10 times `host:port`.
 * - `authentication`: `KafkaAuthentication.scram(secret)`, `.plain(secret)`, `.mtls(secret)`, or `.none()` in a VPC.
 * - `rootCa`: secret with `{ "certificate" }` in PEM, for brokers whose certificate is signed by a private CA.
 * - `vpc`, `vpcSubnets`, `securityGroups`: for brokers that are reached in a VPC.
 * - `clusterLabel`: names the cluster in keys made of coordinates. Default: `'default'`, as without this construct, and not
 *   the brokers' addresses, which change. Give one of your own if the function is to be moved between clusters: records of
 *   another label count as other records.
 *
 * Source: AWS Lambda developer guide, "Using Lambda with self-managed Apache Kafka".
 */
export interface SelfManagedSourceProps extends VpcAccessProps {
  readonly bootstrapServers: readonly string[];
  readonly authentication: SelfManagedAuthentication;
  readonly rootCa?: KafkaSecret;
  readonly clusterLabel?: string;
}

/** What AWS would refuse, as far as it shows without the stack. */
export function selfManagedSourceProblems(props: SelfManagedSourceProps): readonly SettingsProblem[] {
  return [
    ...bootstrapServerProblems(props.bootstrapServers),
    ...authenticationProblems(props),
    ...vpcAccessProblems(props),
    ...clusterLabelProblems(props.clusterLabel),
  ];
}

/** Binds the brokers to the stack of the function that reads them. */
export function bindSelfManagedSource(scope: Construct, props: SelfManagedSourceProps): SourceBinding {
  const { bootstrapServers, authentication, rootCa } = props;
  const place = networkPlace(props);
  const access = [
    ...authenticationAccess(authentication),
    ...(rootCa === undefined ? [] : [{ type: 'SERVER_ROOT_CA_CERTIFICATE', uri: rootCa.secretArn }]),
    ...networkAccess(place),
  ];
  const secrets = [
    { property: 'authentication.secret', region: authenticationSecret(authentication)?.env.region },
    { property: 'rootCa', region: rootCa?.env.region },
  ];
  refuseProblems([
    ...networkPlaceProblems(place),
    ...countProblems(access),
    ...otherRegionProblems(secrets, Stack.of(scope).region),
  ]);
  return {
    kind: 'selfManaged',
    mapping: {
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...bootstrapServers] } },
      sourceAccessConfigurations: access,
    },
    clusterLabel: props.clusterLabel ?? 'default',
    grantConsume: (grantee) => {
      if (place !== undefined) grantNetworkInterfaces(grantee, Stack.of(scope), place);
      for (const secret of [authenticationSecret(authentication), rootCa]) {
        if (secret !== undefined) grantSecret(grantee, secret);
      }
    },
  };
}

/** Brokers on the internet must ask for a proof, or Lambda does not poll them. */
function authenticationProblems({ authentication, vpc }: SelfManagedSourceProps): readonly SettingsProblem[] {
  const property = 'authentication';
  if (!['scram', 'plain', 'mtls', 'none'].includes(authentication.kind)) {
    const message = `is ${authentication.kind}(); for self-managed brokers there are scram(secret), plain(secret), mtls(secret) and none()`;
    return [{ property, message }];
  }
  if (authentication.kind !== 'none' || vpc !== undefined) return [];
  const message =
    'is none and there is no vpc; over the internet Lambda reads only from brokers that ask for authentication. Give a secret, or the vpc in which the brokers are';
  return [{ property, message }];
}

/** Source: AWS Lambda API reference, CreateEventSourceMapping, SourceAccessConfigurations. */
function countProblems(access: readonly AccessConfiguration[]): readonly SettingsProblem[] {
  if (access.length <= 22) return [];
  const message = `makes ${access.length} access configurations with authentication and security groups; AWS takes 22`;
  return [{ property: 'vpcSubnets', message }];
}
