import type { SchemaMetadata, TimestampType } from '../record.ts';
import { isObject } from './is-object.ts';

/** Epoch milliseconds, or undefined for anything else; Kafka's own "no timestamp" is -1. */
export function timestampMsOf(timestamp: unknown): number | undefined {
  return typeof timestamp === 'number' && Number.isSafeInteger(timestamp) && timestamp >= 0 ? timestamp : undefined;
}

export function timestampTypeOf(type: unknown): TimestampType | undefined {
  return type === 'CREATE_TIME' || type === 'LOG_APPEND_TIME' ? type : undefined;
}

/** `schemaId` is a string in AWS's samples; a Confluent ID is a number by nature, so both are taken. */
export function schemaMetadataOf(metadata: unknown): SchemaMetadata | undefined {
  if (!isObject(metadata)) return undefined;
  const { dataFormat, schemaId } = metadata;
  if (typeof dataFormat !== 'string') return undefined;
  if (typeof schemaId === 'string') return { dataFormat, schemaId };
  return Number.isSafeInteger(schemaId) ? { dataFormat, schemaId: String(schemaId) } : undefined;
}
