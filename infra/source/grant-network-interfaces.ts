import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, type Stack } from 'aws-cdk-lib/core';

/** Where Lambda puts its network interfaces; `*` where only AWS knows. */
export interface NetworkPlace {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * Grants what Lambda needs to put network interfaces next to the brokers.
 *
 * The describing actions have no resource level. Subnets and security groups may be shared by another account, so their
 * ARNs leave it open. Lambda wants to be allowed to delete any resource ID of the account: with a narrower pattern it
 * may not reach the VPC. No resource but a network interface can be deleted by that action.
 *
 * Source: service authorization reference, "Amazon EC2"; AWS Lambda developer guide, "Configuring Lambda permissions for
 * Amazon MSK event source mappings" and "Giving Lambda functions access to resources in an Amazon VPC".
 */
export function grantNetworkInterfaces(grantee: IGrantable, stack: Stack, place: NetworkPlace): void {
  const arn = (resource: string, resourceName: string, account = stack.account): string =>
    stack.formatArn({ service: 'ec2', account, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  Grant.addToPrincipal({
    grantee,
    actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
    resourceArns: ['*'],
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['ec2:CreateNetworkInterface'],
    resourceArns: [
      arn('network-interface', '*'),
      ...place.subnetIds.map((id) => arn('subnet', id, '*')),
      ...place.securityGroupIds.map((id) => arn('security-group', id, '*')),
    ],
  });
  Grant.addToPrincipal({ grantee, actions: ['ec2:DeleteNetworkInterface'], resourceArns: [arn('*', '*')] });
}
