import {
  FlowLogDestination,
  FlowLogTrafficType,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Port,
  SecurityGroup,
  type SelectedSubnets,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Fn, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { vpcInterface } from '../source/vpc-interface.ts';

/** The port on which brokers of MSK take clients that authenticate by IAM. */
const iamPort = Port.tcp(9098);

/**
 * A VPC without a way to the internet: two isolated subnets in two zones, which is the least that MSK Serverless takes, and
 * no NAT gateway.
 *
 * Lambda's pollers come in as the cluster's subnets and security group. On demand they need endpoints for Lambda, to invoke
 * the function, and STS, to assume its role; in provisioned mode they do not. There is none for Secrets Manager, because IAM
 * needs no secret, nor for DynamoDB, SQS or S3, because the functions are not in the VPC.
 *
 * Source: AWS Lambda developer guide, "Configuring your Amazon MSK cluster and Amazon VPC network for Lambda".
 */
export class ClusterNetwork extends Construct {
  readonly vpc: IVpc;
  readonly subnets: SelectedSubnets;
  /** Its members reach the brokers, and are reached as such. */
  readonly brokers: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      // Asked for at deployment, so that synthesis needs no account.
      availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
      natGateways: 0,
      subnetConfiguration: [{ name: 'Kafka', subnetType: SubnetType.PRIVATE_ISOLATED }],
      restrictDefaultSecurityGroup: false,
    });
    this.vpc = vpcInterface(vpc);
    this.subnets = vpc.selectSubnets();
    const rejected = new LogGroup(this, 'RejectedTraffic', {
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    vpc.addFlowLog('Rejected', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(rejected),
    });
    this.brokers = new SecurityGroup(this, 'Brokers', {
      vpc: this.vpc,
      description: 'Kafka brokers and their clients',
    });
    this.brokers.addIngressRule(this.brokers, iamPort, 'Kafka clients by IAM');
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Endpoints of the pollers',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.brokers, Port.tcp(443), 'Pollers of Lambda');
    for (const [name, service] of [
      ['Lambda', InterfaceVpcEndpointAwsService.LAMBDA],
      ['Sts', InterfaceVpcEndpointAwsService.STS],
    ] as const) {
      new InterfaceVpcEndpoint(this, name, { vpc: this.vpc, service, securityGroups: [endpoints], open: false });
    }
  }
}
