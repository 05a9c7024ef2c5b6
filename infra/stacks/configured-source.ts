import { type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AuthenticationConfiguration } from '../config/authentication.ts';
import type { NetworkConfiguration, SourceConfiguration } from '../config/source-configuration.ts';
import { KafkaAuthentication, type SelfManagedAuthentication } from '../source/kafka-authentication.ts';
import { KafkaSource } from '../source/kafka-source.ts';
import type { VpcAccessProps } from '../source/vpc-access.ts';

type Configured<Kind extends SourceConfiguration['kind']> = Extract<SourceConfiguration, { kind: Kind }>;
type WithSecret = Extract<AuthenticationConfiguration<string>, { secretArn: string }>;

/** An existing cluster of Amazon MSK as configured. */
export function configuredMsk(scope: Construct, configured: Configured<'msk'>): KafkaSource {
  const { clusterArn, authentication: by, clusterLabel } = configured;
  const label = clusterLabel === undefined ? {} : { clusterLabel };
  if (by.kind === 'iam') return KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.iam(), ...label });
  const secret = importedSecret(scope, by);
  const authentication = by.kind === 'mtls' ? KafkaAuthentication.mtls(secret) : KafkaAuthentication.scram(secret);
  return KafkaSource.msk({ clusterArn, authentication, ...label });
}

/** Brokers of one's own as configured. */
export function configuredBrokers(scope: Construct, configured: Configured<'selfManaged'>): KafkaSource {
  const { bootstrapServers, authentication, rootCaSecretArn, network, clusterLabel } = configured;
  return KafkaSource.selfManaged({
    bootstrapServers,
    authentication: ownAuthentication(scope, authentication),
    ...(rootCaSecretArn !== undefined && {
      rootCa: Secret.fromSecretCompleteArn(scope, 'RootCa', rootCaSecretArn),
    }),
    ...(network !== undefined && importedNetwork(scope, network)),
    ...(clusterLabel !== undefined && { clusterLabel }),
  });
}

function ownAuthentication(
  scope: Construct,
  by: Configured<'selfManaged'>['authentication'],
): SelfManagedAuthentication {
  if (by.kind === 'none') return KafkaAuthentication.none();
  const secret = importedSecret(scope, by);
  if (by.kind === 'plain') return KafkaAuthentication.plain(secret);
  if (by.kind === 'mtls') return KafkaAuthentication.mtls(secret);
  return KafkaAuthentication.scram(secret, {
    mechanism: by.kind === 'scram-sha-256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512',
  });
}

function importedSecret(scope: Construct, { secretArn, secretKeyArn }: WithSecret): ISecret {
  return Secret.fromSecretAttributes(scope, 'KafkaSecret', {
    secretCompleteArn: secretArn,
    ...(secretKeyArn !== undefined && { encryptionKey: Key.fromKeyArn(scope, 'KafkaSecretKey', secretKeyArn) }),
  });
}

function importedNetwork(
  scope: Construct,
  { vpcId, subnetIds, securityGroupIds }: NetworkConfiguration,
): VpcAccessProps {
  const place = new Construct(scope, 'Brokers');
  Validations.of(place).acknowledge({
    id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
    reason: 'The mapping names subnets; nothing asks for their route tables.',
  });
  const subnets: ISubnet[] = subnetIds.map((id) => Subnet.fromSubnetId(place, id, id));
  return {
    // Its subnets are the ones given; nothing asks for a zone, and CDK wants one.
    vpc: Vpc.fromVpcAttributes(place, 'Vpc', { vpcId, availabilityZones: ['any'] }),
    vpcSubnets: { subnets },
    securityGroups: securityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(place, id, id)),
  };
}
