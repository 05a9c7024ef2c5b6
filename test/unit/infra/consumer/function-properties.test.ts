import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { KafkaAuthentication, type KafkaConsumerProps, KafkaSource } from '../../../../infra/index.ts';
import { environmentVariables } from '../../../../lib/handler/options/environment.ts';
import { resourcesOf, statementsOf } from '../source/statements.ts';
import { consumerIn, environmentOf, mappingOf, only, stage } from './staged-consumer.ts';

const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:brokers-AbCdEf';

function functionOf(props: Partial<KafkaConsumerProps>) {
  const stack = stage();
  consumerIn(stack, props);
  return only(stack, 'AWS::Lambda::Function').Properties;
}

describe('the function of a consumer is as its properties say:', () => {
  it.each([
    ['handler', { handler: 'charge' }, { Handler: 'index.charge' }],
    ['memorySize', { memorySize: 512 }, { MemorySize: 512 }],
    ['reservedConcurrentExecutions', { reservedConcurrentExecutions: 0 }, { ReservedConcurrentExecutions: 0 }],
    ['logLevel', { logLevel: 'DEBUG' } as const, { LoggingConfig: { ApplicationLogLevel: 'DEBUG' } }],
  ])('%s', (_, props, expected) => {
    expect(functionOf(props)).toMatchObject(expected);
  });

  it.each([
    [7, { RetentionInDays: 7 }],
    [3653, { RetentionInDays: 3653 }],
    ['never', {}],
  ] as const)('logRetentionDays %s', (logRetentionDays, expected) => {
    const stack = stage();
    consumerIn(stack, { logRetentionDays });
    expect(only(stack, 'AWS::Logs::LogGroup').Properties).toEqual(expected);
  });

  it('and what CDK lets add to it', () => {
    const stack = stage();
    consumerIn(stack).function.addEnvironment('STAGE', 'test');
    expect(environmentOf(stack)).toMatchObject({ STAGE: 'test' });
  });

  it('vpcSubnets, in which alone it may put its network interfaces', () => {
    const stack = stage();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-egress'],
      isolatedSubnetIds: ['subnet-isolated'],
    });
    const source = KafkaSource.selfManaged({
      bootstrapServers: ['a.example:9096'],
      authentication: KafkaAuthentication.scram(Secret.fromSecretCompleteArn(stack, 'Secret', secretArn)),
    });
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
    consumerIn(stack, { source, vpc, securityGroups, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      VpcConfig: { SubnetIds: ['subnet-isolated'], SecurityGroupIds: ['sg-1'] },
    });
    expect(resourcesOf(statementsOf(Template.fromStack(stack)), 'ec2:CreateNetworkInterface')).toEqual([
      'arn:aws:ec2:eu-central-1:*:security-group/sg-1',
      'arn:aws:ec2:eu-central-1:*:subnet/subnet-isolated',
      'arn:aws:ec2:eu-central-1:123456789012:network-interface/*',
    ]);
  });

  it('the startingPosition of its mapping', () => {
    expect(mappingOf({ startingPosition: 'LATEST' })).toMatchObject({ StartingPosition: 'LATEST' });
  });
});

describe("the environment of a consumer's function", () => {
  it('has the NODE_OPTIONS that the user gives', () => {
    const stack = stage();
    consumerIn(stack, { environment: { NODE_OPTIONS: '--max-old-space-size=900' } });
    expect(environmentOf(stack)).toMatchObject({ NODE_OPTIONS: '--max-old-space-size=900' });
  });

  const setBy = {
    table: 'table',
    mode: 'mode',
    namespace: 'namespace',
    clusterLabel: 'source',
    deadLetterQueueUrl: 'deadLetters',
    deadLetterBucket: 'deadLetters',
    reportTopics: 'failureReporting',
    leaseMs: 'lease',
    maxAttempts: 'maxAttempts',
  } satisfies Record<keyof typeof environmentVariables, string>;

  it.each(
    Object.entries(environmentVariables).map(([name, variable]) => ({
      variable,
      property: Object.entries(setBy).find(([known]) => known === name)?.[1],
    })),
  )('is not given $variable by the user, also where the construct does not set it', ({ variable, property }) => {
    const environment = { [variable]: 'by-hand' };
    expect(() => consumerIn(stage(), { deadLetters: 'none', environment })).toThrow(
      `environment.${variable}: is set by the property '${property}'; use that instead`,
    );
  });
});
