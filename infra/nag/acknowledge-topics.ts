import { Stack, Validations } from 'aws-cdk-lib/core';
import type { NetworkPlace } from '../source/grant-network-interfaces.ts';
import type { Topics } from '../stacks/topics/topics.ts';
import { acknowledgeInterfaces } from './acknowledge-interfaces.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';

/** Says of each finding of cdk-nag in what makes topics why it is right as it is. */
export function acknowledgeTopics(topics: Topics, place: NetworkPlace): void {
  acknowledgeWildcards(topics, ['*'], 'Actions that have no resource level: the network, addresses of brokers.');
  acknowledgeInterfaces(topics, place);
  const logs = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  // CDK makes one function for all custom resources of this kind, beside them in the stack.
  Validations.of(Stack.of(topics)).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM4[Policy::${logs}]`,
    reason:
      'The role is made by CDK, for its function that asks for the addresses of brokers; the policy is for its logs.',
  });
}
