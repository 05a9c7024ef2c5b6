import { bootstrapServerProblems } from '../source/bootstrap-servers.ts';
import { clusterArnProblems } from '../source/msk-cluster-arn.ts';
import { type AuthenticationConfiguration, readMskAuthentication, readOwnAuthentication } from './authentication.ts';
import type { ContextName } from './context-names.ts';
import type { ContextReader } from './context-reader.ts';

/** Where self-managed brokers are, if not on the internet. */
export interface NetworkConfiguration {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** The cluster: one of Amazon MSK's, brokers of one's own, one that the app makes, or none, for LocalStack. */
export type SourceConfiguration =
  | {
      readonly kind: 'msk';
      readonly clusterArn: string;
      readonly authentication: AuthenticationConfiguration<'iam' | 'scram-sha-512' | 'mtls'>;
      readonly clusterLabel: string | undefined;
    }
  | {
      readonly kind: 'selfManaged';
      readonly bootstrapServers: readonly string[];
      readonly authentication: AuthenticationConfiguration<
        'scram-sha-512' | 'scram-sha-256' | 'plain' | 'mtls' | 'none'
      >;
      readonly rootCaSecretArn: string | undefined;
      readonly network: NetworkConfiguration | undefined;
      readonly clusterLabel: string | undefined;
    }
  | { readonly kind: 'greenfield'; readonly topicPartitions: number }
  | { readonly kind: 'localstack' };

/** The context values that choose a source, and those that belong to each. */
const belongings = {
  mskClusterArn: ['authentication', 'secretArn', 'secretKeyArn', 'clusterLabel'],
  bootstrapServers: [
    'authentication',
    'secretArn',
    'secretKeyArn',
    'rootCaSecretArn',
    'vpcId',
    'subnetIds',
    'securityGroupIds',
    'clusterLabel',
  ],
  greenfield: ['topicPartitions', 'deployedClusterTemplate'],
  localstack: [],
} as const satisfies Record<string, readonly ContextName[]>;

type Chooser = keyof typeof belongings;

/** Exactly one source; undefined where a problem was told. */
export function readSource(reader: ContextReader): SourceConfiguration | undefined {
  const flags = (['greenfield', 'localstack'] as const).map((name) => ({ name, value: reader.flag(name) }));
  const given = (['mskClusterArn', 'bootstrapServers'] as const).filter((name) => reader.has(name));
  const asked = flags.filter(({ value }) => value === true).map(({ name }) => name);
  const [chosen, ...others] = [...given, ...asked];
  if (chosen === undefined) {
    if (flags.some(({ value }) => value === undefined)) return undefined;
    return reader.miss(
      'mskClusterArn',
      'the consumers need a cluster. Give an existing one of Amazon MSK, -c bootstrapServers=… for other brokers, -c greenfield=true for a new one',
    );
  }
  for (const other of others) reader.contradict(other, `is given with ${chosen}, and there is one source`);
  refuseStrangers(reader, chosen);
  if (chosen === 'greenfield') {
    return { kind: 'greenfield', topicPartitions: reader.whole('topicPartitions', 1, 100) ?? 3 };
  }
  if (chosen === 'localstack') return { kind: 'localstack' };
  return chosen === 'mskClusterArn' ? readMsk(reader) : readSelfManaged(reader);
}

/** Values of another kind of source would be ignored, and whoever gave them believes otherwise. */
function refuseStrangers(reader: ContextReader, chosen: Chooser): void {
  const own: readonly ContextName[] = belongings[chosen];
  const strangers = new Set(
    Object.values(belongings)
      .flat()
      .filter((name) => !own.includes(name)),
  );
  for (const name of strangers) {
    if (reader.has(name)) reader.contradict(name, `has no meaning with ${chosen}`);
  }
}

function readMsk(reader: ContextReader): SourceConfiguration | undefined {
  const clusterArn = reader.text('mskClusterArn', /^/, 'expected is the ARN of a cluster');
  if (clusterArn !== undefined) reader.check('mskClusterArn', clusterArnProblems(clusterArn));
  const authentication = readMskAuthentication(reader);
  const clusterLabel = readLabel(reader);
  if (clusterArn === undefined) return undefined;
  return authentication && { kind: 'msk', clusterArn, authentication, clusterLabel };
}

function readSelfManaged(reader: ContextReader): SourceConfiguration | undefined {
  const servers = reader.list('bootstrapServers', /./, 'expected is host:port of 1 to 10 brokers') ?? [];
  if (servers.length > 0) reader.check('bootstrapServers', bootstrapServerProblems(servers));
  const network = readNetwork(reader);
  const authentication = readOwnAuthentication(reader);
  const rootCaSecretArn = reader.text(
    'rootCaSecretArn',
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    'expected is the ARN of a secret',
  );
  const clusterLabel = readLabel(reader);
  return (
    authentication && {
      kind: 'selfManaged',
      bootstrapServers: servers,
      authentication,
      rootCaSecretArn,
      network,
      clusterLabel,
    }
  );
}

function readLabel(reader: ContextReader): string | undefined {
  return reader.text('clusterLabel', /^[!-~]{1,100}$/, 'expected are 1 to 100 ASCII characters without spaces');
}

/** All three or none. */
function readNetwork(reader: ContextReader): NetworkConfiguration | undefined {
  const vpcId = reader.text('vpcId', /^vpc-[0-9a-f]+$/, 'expected is the ID of a VPC');
  const subnetIds = reader.list('subnetIds', /^subnet-[0-9a-f]+$/, 'expected are IDs of subnets');
  const securityGroupIds = reader.list('securityGroupIds', /^sg-[0-9a-f]+$/, 'expected are IDs of security groups');
  const names = ['vpcId', 'subnetIds', 'securityGroupIds'] as const;
  const missing = names.filter((name) => !reader.has(name));
  if (missing.length < names.length) {
    for (const name of missing) reader.miss(name, 'brokers in a VPC need all three', names);
  }
  if (vpcId === undefined || subnetIds === undefined || securityGroupIds === undefined) return undefined;
  return { vpcId, subnetIds, securityGroupIds };
}
