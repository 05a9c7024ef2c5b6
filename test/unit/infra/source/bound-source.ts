import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import type { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import type { ClusterUse, SourceBinding } from '../../../../infra/source/source-binding.ts';
import { inWords, type Statement, statementsOf } from './statements.ts';

export const clusterArn =
  'arn:aws:kafka:eu-central-1:123456789012:cluster/orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2';

export interface BoundSource {
  readonly binding: SourceBinding;
  /** `mapping` and `clusterLabel` as the template would have them. */
  readonly mapping: unknown;
  readonly clusterLabel: unknown;
  /** Of the synthesised template: made when it is asked for. */
  readonly statements: readonly Statement[];
  readonly warnings: readonly string[];
}

/** Binds a source in a stack of eu-central-1 and grants a role what the mapping needs. */
export function bindSource(makeSource: (stack: Stack) => KafkaSource, use: Partial<ClusterUse> = {}): BoundSource {
  const stack = new Stack(new App(), 'Orders', { env: { account: '123456789012', region: 'eu-central-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const binding = makeSource(stack).bind(stack);
  binding.grantConsume(role, { topic: 'orders', consumerGroupId: 'billing', ...use });
  return {
    binding,
    mapping: inWords(stack.resolve(binding.mapping)),
    clusterLabel: inWords(stack.resolve(binding.clusterLabel)),
    get statements() {
      return statementsOf(Template.fromStack(stack));
    },
    warnings: stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => `${data}`),
  };
}
