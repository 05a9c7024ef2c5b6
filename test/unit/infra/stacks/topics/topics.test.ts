import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inWords } from '../../source/statements.ts';
import { contexts, synthesis } from '../synthesis.ts';

const template = synthesis(contexts.greenfield).template('KafkaOnceCluster');

/** The only resource of a type whose logical ID begins so; references as `<id>`. */
function only(type: string, beginning: string) {
  const [[id, resource] = ['', undefined], ...others] = Object.entries(template.findResources(type)).filter(([each]) =>
    each.startsWith(beginning),
  );
  expect(others).toEqual([]);
  return {
    id,
    properties: Object(inWords(resource?.Properties)),
    dependsOn: z.array(z.string()).default([]).parse(resource?.DependsOn),
  };
}

const subnets = Object.keys(template.findResources('AWS::EC2::Subnet')).map((id) => `<${id}>`);
const [brokers] = Object.keys(template.findResources('AWS::EC2::SecurityGroup')).filter((id) => /Brokers/.test(id));
const [logs] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) => /^TopicsLogs/.test(id));
const role = only('AWS::IAM::Role', 'TopicsRole');
const arn = (resource: string, account = '<AWS::AccountId>'): string =>
  `arn:<AWS::Partition>:ec2:<AWS::Region>:${account}:${resource}`;
const topicArn = (topic: string): string =>
  `<<Cluster.Arn> split at ":cluster/" [0]>:topic/<<Cluster.Arn> split at ":cluster/" [1]>/${topic}`;

describe('what makes the topics of a new cluster', () => {
  it('runs as a role that Lambda alone assumes, with a policy of its own and no other', () => {
    expect(role.properties).toEqual({
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
        Version: '2012-10-17',
      },
    });
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
    expect(policies.filter(({ Roles }) => JSON.stringify(Roles).includes(`"${role.id}"`))).toHaveLength(1);
  });

  it('may write its logs, have network interfaces in the subnets of the cluster, connect, and make these topics', () => {
    const { PolicyDocument } = only('AWS::IAM::Policy', 'TopicsRoleDefaultPolicy').properties;
    expect(PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `<${logs}.Arn>` },
      {
        Effect: 'Allow',
        Action: [
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'ec2:CreateNetworkInterface',
        Resource: [
          arn('network-interface/*'),
          ...subnets.map((id) => arn(`subnet/${id}`, '*')),
          arn(`security-group/<${brokers}.GroupId>`, '*'),
        ],
      },
      { Effect: 'Allow', Action: 'ec2:DeleteNetworkInterface', Resource: arn('*/*') },
      { Effect: 'Allow', Action: 'kafka-cluster:Connect', Resource: '<Cluster.Arn>' },
      {
        Effect: 'Allow',
        Action: ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic'],
        Resource: [topicArn('orders'), topicArn('customers')],
      },
    ]);
  });

  it('stands in both subnets as a client of the brokers, for five minutes at most', () => {
    const { properties } = only('AWS::Lambda::Function', 'TopicsFunction');
    expect(subnets).toHaveLength(2);
    expect(properties).toMatchObject({
      Timeout: 300,
      MemorySize: 256,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `<${logs}>` },
      Role: `<${role.id}.Arn>`,
    });
    expect(properties.VpcConfig).toEqual({ SubnetIds: subnets, SecurityGroupIds: [`<${brokers}.GroupId>`] });
  });

  it('is waited for as long as it may run, and runs again when it is another', () => {
    expect(only('Custom::Trigger', 'Topics').properties).toMatchObject({
      HandlerArn: expect.stringMatching(/^<TopicsFunctionCurrentVersion/),
      InvocationType: 'RequestResponse',
      Timeout: '300000',
      ExecuteOnHandlerChange: true,
    });
  });

  it('asks for the addresses of the brokers when it is made and whenever it changes', () => {
    const { id, properties } = only('Custom::BootstrapBrokers', 'TopicsBrokers');
    const call = {
      service: 'Kafka',
      action: 'getBootstrapBrokers',
      parameters: { ClusterArn: '<Cluster.Arn>' },
      physicalResourceId: { id: 'BootstrapBrokers' },
      outputPaths: ['BootstrapBrokerStringSaslIam'],
    };
    expect([properties.Create, properties.Update].map((text) => JSON.parse(text))).toEqual([call, call]);
    expect(properties).not.toHaveProperty('Delete');
    expect(only('AWS::IAM::Policy', 'TopicsBrokersCustomResourcePolicy').properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'kafka:GetBootstrapBrokers', Resource: '*' },
    ]);
    const outputs = template.findOutputs('BootstrapBrokers');
    expect(inWords(outputs.BootstrapBrokers?.Value)).toBe(`<${id}.BootstrapBrokerStringSaslIam>`);
  });

  it('comes after the rule that lets it in', () => {
    const rules = Object.entries(template.findResources('AWS::EC2::SecurityGroupIngress'));
    const [letsIn] = rules.find(([, { Properties }]) => Properties.FromPort === 9098) ?? [];
    for (const type of ['AWS::Lambda::Function', 'Custom::Trigger']) {
      expect(only(type, 'Topics').dependsOn).toContain(letsIn);
    }
  });
});
