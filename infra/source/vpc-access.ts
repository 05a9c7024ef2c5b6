import type { ISecurityGroup, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import type { AccessConfiguration } from './access-configuration.ts';
import type { NetworkPlace } from './grant-network-interfaces.ts';

/**
 * The VPC in which Lambda reaches the brokers. It is the mapping's, not the function's.
 *
 * - `vpc`: none means over the internet.
 * - `vpcSubnets`: default as everywhere in CDK, the private subnets with a way out.
 * - `securityGroups`: at least one; it must let its members reach the brokers.
 */
export interface VpcAccessProps {
  readonly vpc?: IVpc | Vpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: readonly ISecurityGroup[];
}

/** Properties that belong together and do not stand together. */
export function vpcAccessProblems({
  vpc,
  vpcSubnets,
  securityGroups = [],
}: VpcAccessProps): readonly SettingsProblem[] {
  if (vpc !== undefined) {
    if (securityGroups.length > 0) return [];
    return [
      { property: 'securityGroups', message: 'is empty; in a VPC Lambda needs at least one to reach the brokers' },
    ];
  }
  const message = 'is given without vpc, so Lambda would come over the internet; give the vpc as well, or neither';
  return [
    ...(vpcSubnets === undefined ? [] : [{ property: 'vpcSubnets', message }]),
    ...(securityGroups.length === 0 ? [] : [{ property: 'securityGroups', message }]),
  ];
}

/** Subnets and security groups of the mapping, undefined outside a VPC. */
export function networkPlace({ vpc, vpcSubnets, securityGroups = [] }: VpcAccessProps): NetworkPlace | undefined {
  if (vpc === undefined) return undefined;
  return {
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    securityGroupIds: securityGroups.map((group) => group.securityGroupId),
  };
}

/** A selection that has no subnets. */
export function networkPlaceProblems(place: NetworkPlace | undefined): readonly SettingsProblem[] {
  if (place === undefined || Token.isUnresolved(place.subnetIds) || place.subnetIds.length > 0) return [];
  return [{ property: 'vpcSubnets', message: 'selects no subnet of the VPC; Lambda needs at least one' }];
}

/** The mapping's words for them. */
export function networkAccess(place: NetworkPlace | undefined): readonly AccessConfiguration[] {
  if (place === undefined) return [];
  return [
    ...place.subnetIds.map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })),
    ...place.securityGroupIds.map((id) => ({ type: 'VPC_SECURITY_GROUP', uri: `security_group:${id}` })),
  ];
}
