import { isObject } from '../../lib/core/event/is-object.ts';

/** An event source mapping of a template that reads a Kafka topic. */
export interface TemplateMapping {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** May be a reference; undefined where Lambda takes the mapping's UUID. */
  readonly consumerGroupId: unknown;
}

/** A mapping that an update of its stack cannot change as its template says. */
export interface ChangedMapping {
  readonly logicalId: string;
  /** Names what changed: `Topics changes from … to …`. */
  readonly changes: readonly string[];
}

/** The mappings of a template that read topics; none of what is no template. */
export function templateMappings(template: unknown): readonly TemplateMapping[] {
  if (!isObject(template) || !isObject(template.Resources)) return [];
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || resource.Type !== 'AWS::Lambda::EventSourceMapping') return [];
    const { Properties: properties } = resource;
    if (!isObject(properties) || properties.Topics === undefined) return [];
    const { AmazonManagedKafkaEventSourceConfig: msk, SelfManagedKafkaEventSourceConfig: others } = properties;
    const [ofMsk, ofOthers] = [msk, others].map((config) => (isObject(config) ? config.ConsumerGroupId : undefined));
    return [{ logicalId, properties, consumerGroupId: ofMsk ?? ofOthers }];
  });
}
