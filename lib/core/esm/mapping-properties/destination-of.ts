import { ConfigurationError } from '../../errors/errors.ts';
import { isObject } from '../../event/is-object.ts';
import type { OnFailureDestination } from '../settings.ts';
import { objectOf, type Properties, wrong } from './values.ts';

const kafkaPrefix = 'kafka://';

/** The on-failure destination: `kafka://<topic>`, an ARN, or a resource of the same template. */
export function destinationOf(properties: Properties, resources: unknown): OnFailureDestination | undefined {
  const onFailure = objectOf(objectOf(properties, 'DestinationConfig') ?? {}, 'OnFailure');
  const destination = onFailure?.Destination;
  if (destination === undefined) return undefined;
  if (typeof destination === 'string') {
    if (destination.startsWith(kafkaPrefix)) return { kind: 'kafka', topic: destination.slice(kafkaPrefix.length) };
    return destinationOfKind(destination.split(':')[2], destination.endsWith('.fifo'), destination);
  }
  const resource = resourceOf(destination, resources);
  const service = typeof resource.Type === 'string' ? resource.Type.split('::')[1]?.toLowerCase() : undefined;
  const { FifoQueue, FifoTopic } = objectOf(resource, 'Properties') ?? {};
  return destinationOfKind(service, FifoQueue === true || FifoTopic === true, destination);
}

function destinationOfKind(service: string | undefined, fifo: boolean, destination: unknown): OnFailureDestination {
  switch (service) {
    case 'sqs':
    case 'sns':
      return fifo ? { kind: service, fifo } : { kind: service };
    case 's3':
      return { kind: service };
    default:
      return wrong(
        'DestinationConfig',
        destination,
        'the ARN of a queue, an SNS topic or a bucket, or kafka://<topic>',
      );
  }
}

/** What `{ Ref }` or `{ 'Fn::GetAtt' }` names. */
function resourceOf(reference: unknown, resources: unknown): Properties {
  if (!isObject(reference)) return wrong('DestinationConfig', reference, 'an ARN or a reference');
  const attribute = reference['Fn::GetAtt'];
  const id: unknown = reference.Ref ?? (Array.isArray(attribute) ? attribute[0] : undefined);
  const resource = isObject(resources) && typeof id === 'string' ? resources[id] : undefined;
  if (isObject(resource)) return resource;
  const message = `is ${JSON.stringify(reference)}: pass the Resources of the same template as the second argument, so that its kind can be told`;
  throw new ConfigurationError('DestinationConfig', message);
}
