import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { z } from 'zod';
import type { Context } from '../../../../infra/config/context-names.ts';
import { synthesize } from '../../../../infra/stacks/synthesize.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { findingsOf } from './nag-findings.ts';

export const clusterArn = 'arn:aws:kafka:eu-central-1:123456789012:cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3';
export const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_shop-AbCdEf';
export const secretKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/0d6f2a4c-6f0a-4b3b-9f43-2d0a2ad0a4f1';
export const rootCaSecretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ca-AbCdEf';
const gateway = { paymentGatewayUrl: 'https://payments.example.com' };
const brokers = { ...gateway, bootstrapServers: 'one.example.com:9094,two.example.com:9094', secretArn };
const network = { vpcId: 'vpc-0a1', subnetIds: 'subnet-0a1,subnet-0b2', securityGroupIds: 'sg-0a1' };

type Source =
  | 'MSK, IAM'
  | 'MSK, SCRAM'
  | 'MSK, mTLS'
  | 'brokers, SCRAM-SHA-512'
  | 'brokers, SCRAM-SHA-256'
  | 'brokers, PLAIN'
  | 'brokers, mTLS, private CA'
  | 'brokers in a VPC'
  | 'brokers in a VPC, none'
  | 'greenfield'
  | 'LocalStack';

/** Contexts of each source and each kind of authentication. */
export const contexts: Readonly<Record<Source, Context>> = {
  'MSK, IAM': { ...gateway, mskClusterArn: clusterArn },
  'MSK, SCRAM': { ...gateway, mskClusterArn: clusterArn, secretArn, secretKeyArn },
  'MSK, mTLS': { ...gateway, mskClusterArn: clusterArn, authentication: 'mtls', secretArn },
  'brokers, SCRAM-SHA-512': brokers,
  'brokers, SCRAM-SHA-256': { ...brokers, authentication: 'scram-sha-256', secretKeyArn },
  'brokers, PLAIN': { ...brokers, authentication: 'plain' },
  'brokers, mTLS, private CA': {
    ...brokers,
    authentication: 'mtls',
    rootCaSecretArn,
  },
  'brokers in a VPC': { ...brokers, ...network },
  'brokers in a VPC, none': {
    ...gateway,
    ...network,
    bootstrapServers: '10.0.0.1:9092',
    authentication: 'none',
  },
  greenfield: { ...gateway, greenfield: 'true' },
  LocalStack: { ...gateway, localstack: 'true' },
};

/** What the app writes into its cloud assembly. */
export interface Synthesis {
  readonly folder: string;
  readonly consumers: Template;
  /** Findings of cdk-nag, as `<rule> <construct>`. */
  readonly findings: readonly string[];
  template(stackName: string): Template;
}

/** Runs the app without bundling; `validated` with CloudFormation's own validation, which takes seconds. */
export function synthesis(
  context: Context,
  { environment = {}, validated = false }: { environment?: Record<string, string>; validated?: boolean } = {},
): Synthesis {
  const folder = temporaryFolder('synthesis');
  const app = new App({
    outdir: folder,
    analyticsReporting: false,
    context: { ...ofCdkJson(), ...context, 'aws:cdk:bundling-stacks': [] },
    ...(!validated && { builtinCloudFormationValidation: false }),
  });
  synthesize(app, environment);
  const findings = findingsOf(jsonOf(folder, 'validation-report.json'));
  const template = (stackName: string): Template =>
    Template.fromString(readFileSync(join(folder, `${stackName}.template.json`), 'utf8'));
  return { folder, consumers: template('KafkaOnce'), findings, template };
}

/** Context that comes with the repository. */
function ofCdkJson(): Context {
  const root = join(import.meta.dirname, '../../../..');
  return z.object({ context: z.record(z.string(), z.unknown()) }).parse(jsonOf(root, 'cdk.json')).context;
}

function jsonOf(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
