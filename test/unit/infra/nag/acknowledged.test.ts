import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, type Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../../infra/config/configuration.ts';
import { makeStacks } from '../../../../infra/stacks/make-stacks.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { findingsOf } from '../stacks/nag-findings.ts';
import { contexts } from '../stacks/synthesis.ts';

/** What cdk-nag finds in the app's stacks with something more in one of them. */
function findingsWith(context: object, add: (stacks: { consumers: Stack; cluster: Stack | undefined }) => void) {
  const outdir = temporaryFolder('nag');
  const app = new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  add(makeStacks(app, readConfiguration({ ...context }, undefined)));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow('(AwsSolutions)');
  return findingsOf(JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')));
}

function policyOn(stack: Stack, resource: string): void {
  const role = new Role(stack, 'Beside', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const statement = new PolicyStatement({ effect: Effect.ALLOW, actions: ['s3:GetObject'], resources: [resource] });
  new Policy(stack, 'BesidePolicy', { statements: [statement], roles: [role] });
}

describe('what is acknowledged of the consumers and the topics is not acknowledged of what stands beside them:', () => {
  it.each(['*', 'arn:aws:ec2:eu-central-1:123456789012:*/*', 'arn:aws:s3:::other/*'])('a policy on %s', (resource) => {
    const findings = findingsWith(contexts['MSK, IAM'], ({ consumers }) => policyOn(consumers, resource));
    expect(findings).toEqual([`AwsSolutions-IAM5[Resource::${resource}] KafkaOnce/BesidePolicy/Resource`]);
  });

  it('a policy on * in the stack of the cluster', () => {
    const findings = findingsWith(contexts.greenfield, ({ cluster }) => {
      if (cluster !== undefined) policyOn(cluster, '*');
    });
    expect(findings).toEqual(['AwsSolutions-IAM5[Resource::*] KafkaOnceCluster/BesidePolicy/Resource']);
  });

  it('a queue without dead letters', () => {
    const findings = findingsWith(contexts['MSK, IAM'], ({ consumers }) => {
      new Queue(consumers, 'Beside', { enforceSSL: true });
    });
    expect(findings).toEqual(['AwsSolutions-SQS3 KafkaOnce/Beside/Resource']);
  });
});
