import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';

/** A VPC as CDK's constructs take it. Every `Vpc` is an `IVpc`, which `exactOptionalPropertyTypes` does not see. */
export function vpcInterface(vpc: IVpc | Vpc): IVpc;
export function vpcInterface(vpc: unknown): unknown {
  return vpc;
}
