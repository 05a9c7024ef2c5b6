import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { z } from 'zod';
import { KafkaConsumer, type KafkaConsumerProps } from '../../../../infra/index.ts';
import { KafkaAuthentication } from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';

export const clusterArn =
  'arn:aws:kafka:eu-central-1:123456789012:cluster/orders-cluster/fc2f5bdf-fd1b-45ad-85dd-15b4a5a6247e-2';
const entry: string = join(import.meta.dirname, '../../../../handlers/charge-orders.ts');

/** A stack that bundles nothing, for what the template says. */
export function stage(name = 'Shop'): Stack {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });
  return new Stack(app, name, { env: { region: 'eu-central-1', account: '123456789012' } });
}

const iamSource = (): KafkaSource => KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.iam() });

/** A consumer in a stack of its own; `props` say what is not as by default. */
export function consumerIn(stack: Stack, props: Partial<KafkaConsumerProps> = {}, id = 'Orders'): KafkaConsumer {
  return new KafkaConsumer(stack, id, { source: iamSource(), topic: 'orders', entry, ...props });
}

/** Every warning on the constructs of a stack. */
export function warningsOf(stack: Stack): readonly string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => String(data));
}

export interface TemplateResource {
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string | undefined;
  readonly UpdateReplacePolicy?: string | undefined;
  readonly DependsOn?: string | readonly string[] | undefined;
}

const resource: z.ZodType<TemplateResource> = z.object({
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
});

/** The only resource of a type whose logical ID contains `id`. */
export function only(stack: Stack, type: string, id = ''): TemplateResource {
  const found = Object.entries(Template.fromStack(stack).findResources(type)).filter(([name]) => name.includes(id));
  if (found.length !== 1) throw new Error(`${found.length} resources are a ${type} with ${id} in their name`);
  return resource.parse(found[0]?.[1]);
}

/** Properties of the consumer's mapping in a stack of its own. */
export function mappingOf(props: Partial<KafkaConsumerProps> = {}): Readonly<Record<string, unknown>> {
  const stack = stage();
  consumerIn(stack, props);
  return only(stack, 'AWS::Lambda::EventSourceMapping').Properties;
}

/** Environment of the consumer's function. */
export function environmentOf(stack: Stack): Record<string, unknown> {
  const { Environment } = only(stack, 'AWS::Lambda::Function').Properties;
  return z.object({ Variables: z.record(z.string(), z.unknown()) }).parse(Environment).Variables;
}
