import {
  type CfnEventSourceMapping,
  EventSourceMapping,
  type IFunction,
  type ISchemaRegistry,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The registry of a mapping as CloudFormation has it; the function's role may read from it and its secrets. */
export function schemaRegistryConfig(
  scope: Construct,
  mapping: CfnEventSourceMapping,
  reader: IFunction,
  registry: ISchemaRegistry | undefined,
): { readonly schemaRegistryConfig?: CfnEventSourceMapping.SchemaRegistryConfigProperty } {
  if (registry === undefined) return {};
  const target = EventSourceMapping.fromEventSourceMappingId(scope, 'MappingOfRegistry', mapping.ref);
  const {
    schemaRegistryUri,
    eventRecordFormat,
    accessConfigs = [],
    schemaValidationConfigs,
  } = registry.bind(target, reader);
  return {
    schemaRegistryConfig: {
      schemaRegistryUri,
      eventRecordFormat: eventRecordFormat.value,
      ...(accessConfigs.length > 0 && {
        accessConfigs: accessConfigs.map(({ type, uri }) => ({ type: type.type, uri })),
      }),
      schemaValidationConfigs: schemaValidationConfigs.map(({ attribute }) => ({ attribute: attribute.value })),
    },
  };
}
