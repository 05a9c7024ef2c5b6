import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { NetworkPlace } from '../source/grant-network-interfaces.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';

/** The wildcards of `grantNetworkInterfaces` below a construct, for the same place. */
export function acknowledgeInterfaces(scope: Construct, place: NetworkPlace): void {
  const stack = Stack.of(scope);
  const arn = (resource: string, resourceName: string, account = stack.account): string =>
    stack.formatArn({ service: 'ec2', account, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  acknowledgeWildcards(
    scope,
    [
      arn('network-interface', '*'),
      ...place.subnetIds.map((id) => arn('subnet', id, '*')),
      ...place.securityGroupIds.map((id) => arn('security-group', id, '*')),
    ],
    'IDs of network interfaces are the choice of Lambda. Subnets and security groups may belong to another account; where any is allowed they are those of an MSK cluster, which its ARN does not tell.',
  );
  acknowledgeWildcards(
    scope,
    [arn('*', '*')],
    'Lambda wants to be allowed to delete any network interface; with a narrower resource it may not reach the VPC.',
  );
}
