import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { checkNag } from '../../../scripts/synth/check-nag.ts';
import { matrix } from '../../../scripts/synth/matrix.ts';
import { nagReasons } from '../../../scripts/synth/nag-reasons.ts';
import { synthesiseMatrix } from '../../../scripts/synth/synthesise-matrix.ts';

describe('the check by cdk-nag', () => {
  it('finds nothing in the matrix, and no reason without a finding', () => {
    expect(checkNag(synthesiseMatrix({ bundle: false }).app)).toEqual([]);
  });

  it('finds what is planted, by its stack and rule, and reasons that are not needed any more', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Planted');
    const role = new Role(stack, 'Reader', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    });
    role.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
    const findings = checkNag(app);
    const planted = findings.filter(({ template }) => template === 'Planted').map(({ message }) => message);
    expect(planted.map((message) => message.split(':')[0])).toEqual([
      'Planted/Reader/Resource AwsSolutions-IAM4[Policy',
      'Planted/Reader/DefaultPolicy/Resource AwsSolutions-IAM5[Action',
      'Planted/Reader/DefaultPolicy/Resource AwsSolutions-IAM5[Resource',
    ]);
    expect(findings.filter(({ template }) => template === 'reasons')).toHaveLength(nagReasons.length);
  });

  it.each([
    'MskIam/Orders/Queue/Resource AwsSolutions-SQS3',
    'MskIam/Orders/DeadLetters/Queue/Resource AwsSolutions-SQS4',
    'MskIam/Orders/DeadLetters/Queue/Policy/Resource AwsSolutions-SQS3',
    'MskIam/Orders/Bucket/Resource AwsSolutions-S1',
    'MskIam/Orders/DeadLetters/Bucket/Resource AwsSolutions-S2',
    'MskIam/Orders/DeadLetters/Bucket/Resource AwsSolutions-S10',
    'MskIam/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Action::s3:*]',
    'MskIam/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::*]',
    'MskIam/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::<OrdersIdempotencyTable0A1B2C3D.Arn>/*]',
    'MskIam/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/Any]',
    'MskIam/Orders/Function/ServiceRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::*]',
    'MskIam/Orders/Function/Resource AwsSolutions-L1',
    `MskIam/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::["arn:\${AWS::Partition}:glue:eu-central-1:1:schema/\${registryName}/*"]]`,
    'SchemaRegistry/Orders/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:aws:glue:eu-central-1:1:*]',
  ])('has no reason for %s', (finding) => {
    expect(nagReasons.filter((reason) => reason.finding.test(finding)).map(({ reason }) => reason)).toEqual([]);
  });
});

it('the matrix has a row for each source, authentication, destination and grant', () => {
  expect(Object.keys(matrix)).toEqual([
    ...['MskIam', 'MskScram', 'MskMtls'],
    ...['BrokersScram512', 'BrokersScram256', 'BrokersPlain', 'BrokersMtls', 'BrokersScramInVpc', 'BrokersNoneInVpc'],
    ...['FailuresToSqs', 'FailuresToSns', 'FailuresToS3', 'FailuresToKafka'],
    ...['Reporting', 'SchemaRegistry', 'OwnKeys', 'FunctionInVpc', 'WithoutDeadLetters'],
  ]);
});
