import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { destinationOf } from '../../lib/core/esm/mapping-properties/destination-of.ts';
import type { OnFailureDestination } from '../../lib/core/esm/settings.ts';
import { isObject } from '../../lib/core/event/is-object.ts';

/**
 * Where failed batches go by a mapping as it stands, raw properties included: what a text says, or a queue or an SNS topic of
 * its stack. One that only the deployment knows is taken for a bucket, of which no rule says anything.
 *
 * @throws ConfigurationError for a text that names no destination.
 */
export function destinationOfResource(mapping: CfnEventSourceMapping): OnFailureDestination | undefined {
  const stack = Stack.of(mapping);
  const config: unknown = stack.resolve(mapping.destinationConfig);
  const onFailure: unknown = isObject(config) ? config.onFailure : config;
  const destination: unknown = isObject(onFailure) ? onFailure.destination : onFailure;
  if (destination === undefined) return undefined;
  const resources = typeof destination === 'string' ? {} : placesIn(stack);
  if (typeof destination !== 'string' && !names(destination, resources)) return { kind: 's3' };
  return destinationOf({ DestinationConfig: { OnFailure: { Destination: destination } } }, resources);
}

/** Whether it is `{ Ref }` or `{ 'Fn::GetAtt' }` of one of the resources. */
function names(reference: unknown, resources: Readonly<Record<string, unknown>>): boolean {
  if (!isObject(reference)) return false;
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference;
  const id: unknown = ref ?? (Array.isArray(attribute) ? attribute[0] : undefined);
  return typeof id === 'string' && Object.hasOwn(resources, id);
}

/** The queues and SNS topics that a stack makes, by their logical IDs, as far as a template tells their kinds. */
function placesIn(stack: Stack): Readonly<Record<string, unknown>> {
  const places = stack.node.findAll().flatMap((construct) => {
    if (Stack.of(construct) !== stack) return [];
    const place = placeOf(construct);
    return place === undefined ? [] : [[String(stack.resolve(place.logicalId)), place.resource] as const];
  });
  return Object.fromEntries(places);
}

function placeOf(construct: unknown): { readonly logicalId: string; readonly resource: object } | undefined {
  if (CfnQueue.isCfnQueue(construct)) {
    const { cfnResourceType: Type, logicalId, fifoQueue: FifoQueue } = construct;
    return { logicalId, resource: { Type, Properties: { FifoQueue } } };
  }
  if (!CfnTopic.isCfnTopic(construct)) return undefined;
  const { cfnResourceType: Type, logicalId, fifoTopic: FifoTopic } = construct;
  return { logicalId, resource: { Type, Properties: { FifoTopic } } };
}
