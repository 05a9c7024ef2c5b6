import type { KafkaRecord } from '../../../core/record.ts';
import type { ManyContext, ManyEffectContext, RecordsHandler } from '../../handle-many.ts';
import type { SharedParts } from '../../run/shared-parts.ts';
import type { Calls, NewRecorder } from './calls.ts';
import { type CallMany, ManyCalls } from './many-calls.ts';
import { SingleCalls } from './single-calls.ts';

/** The options of a mode that decide how the user's function is called. */
export interface ManyOptions<Context> {
  /** Undefined: `handle` is called. */
  readonly handleMany: RecordsHandler<unknown, Uint8Array, Context> | undefined;
  readonly maxRecords: number | undefined;
}

const defaultMaxRecords = 100;

/** Calls in the modes that commit effects. */
export function callsWithEffects(
  parts: SharedParts,
  newRecorder: NewRecorder,
  { handleMany, maxRecords = defaultMaxRecords }: ManyOptions<ManyEffectContext>,
): Calls {
  if (handleMany === undefined) return new SingleCalls(parts, newRecorder);
  const callMany: CallMany = (records, context, { effects }) => handleMany(records, { ...context, effects });
  return new ManyCalls(parts, maxRecords, callMany, newRecorder);
}

/** Calls in `mark` mode. */
export function callsWithoutEffects(
  parts: SharedParts,
  { handleMany, maxRecords = defaultMaxRecords }: ManyOptions<ManyContext>,
): Calls {
  if (handleMany === undefined) return new SingleCalls(parts, undefined);
  const callMany: CallMany = (records: readonly KafkaRecord[], context) => handleMany(records, context);
  return new ManyCalls(parts, maxRecords, callMany, undefined);
}
