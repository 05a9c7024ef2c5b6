/**
 * Actions that cannot be granted on less than every resource.
 *
 * Source: AWS service authorization reference, pages "Amazon EC2", "Amazon Managed Streaming for Apache Kafka" and "AWS
 * X-Ray": actions with an empty column "Resource types". Written by hand.
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
