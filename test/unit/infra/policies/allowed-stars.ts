/**
 * Actions that cannot be granted on less than every resource.
 *
 * Source: AWS service authorization reference, pages "Amazon EC2", "Amazon Managed Streaming for Apache Kafka" and "AWS
 * X-Ray": actions with an empty column "Resource types", read by hand.
 */
export const withoutResourceLevel: ReadonlySet<unknown> = new Set([
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'kafka:GetBootstrapBrokers',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

/** Families of actions that CDK grants on one key of the user's (`IKey.grantEncryptDecrypt`). No other name has a star. */
export const keyFamilies: ReadonlySet<unknown> = new Set(['kms:GenerateDataKey*', 'kms:ReEncrypt*']);
