import { Fn, Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

const form = /^arn:aws[a-z-]*:kafka:([a-z]{2,}(?:-[a-z]+)+-\d+):\d{12}:cluster\/[A-Za-z0-9-]{1,64}\/[A-Za-z0-9-]+$/;

const vpcConnection = /^arn:aws[a-z-]*:kafka:[^:]+:\d{12}:vpc-connection\//;

/**
 * What is wrong with the ARN of an MSK cluster.
 *
 * Source: service authorization reference, "Amazon Managed Streaming for Apache Kafka", resource types.
 */
export function clusterArnProblems(clusterArn: string): readonly SettingsProblem[] {
  if (Token.isUnresolved(clusterArn) || form.test(clusterArn)) return [];
  if (vpcConnection.test(clusterArn)) {
    const message = `is '${clusterArn}', a managed VPC connection to a cluster of another account, which this construct does not make mappings to; give the ARN of a cluster of the stack's own account and Region`;
    return [{ property: 'clusterArn', message }];
  }
  const expected = 'arn:<partition>:kafka:<region>:<account>:cluster/<name>/<uuid>';
  const message = `is '${clusterArn}'; expected is ${expected}, as \`aws kafka list-clusters-v2\` prints it`;
  return [{ property: 'clusterArn', message }];
}

/** What is wrong with reading this cluster from a Region: Lambda polls clusters of its own Region only. */
export function clusterRegionProblems(clusterArn: string, region: string): readonly SettingsProblem[] {
  const regionOfCluster = form.exec(clusterArn)?.[1];
  if (regionOfCluster === undefined || Token.isUnresolved(region) || regionOfCluster === region) return [];
  const message = `is '${clusterArn}' in ${regionOfCluster}; the stack is in ${region}, and Lambda reads from clusters of its own Region`;
  return [{ property: 'clusterArn', message }];
}

const serverless = /-s\d+$/;

/** What is wrong with this authentication on this cluster: MSK Serverless has IAM only. */
export function serverlessProblems(clusterArn: string, kind: string): readonly SettingsProblem[] {
  if (Token.isUnresolved(clusterArn) || kind === 'iam' || !serverless.test(clusterArn)) return [];
  const message = `is ${kind}, and '${clusterArn}' is a cluster of MSK Serverless, which has IAM only; use iam()`;
  return [{ property: 'authentication', message }];
}

/** What is wrong with reading this cluster from an account: Lambda reads those of other accounts by another way. */
export function clusterAccountProblems(clusterArn: string, account: string): readonly SettingsProblem[] {
  const accountOfCluster = form.test(clusterArn) ? clusterArn.split(':')[4] : undefined;
  if (accountOfCluster === undefined || Token.isUnresolved(account) || accountOfCluster === account) return [];
  const message = `is '${clusterArn}' of account ${accountOfCluster}; the stack is in ${account}. Lambda reads clusters of other accounts through a managed VPC connection, which this construct does not make`;
  return [{ property: 'clusterArn', message }];
}

/** The cluster's name, also of an ARN that is known at deployment only. */
export function clusterName(clusterArn: string): string {
  return Fn.select(1, Fn.split('/', clusterArn));
}

/** The ARN of a topic or a consumer group of the cluster: `arn:…:topic/<cluster name>/<cluster uuid>/<topic>`. */
export function clusterMemberArn(clusterArn: string, kind: 'topic' | 'group', name: string): string {
  const parts = Fn.split(':cluster/', clusterArn);
  return `${Fn.select(0, parts)}:${kind}/${Fn.select(1, parts)}/${name}`;
}
