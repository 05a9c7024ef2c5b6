import type { ManyEffectContext, RecordsHandler } from '../../../lib/handler/handle-many.ts';
import type { EffectContext, RecordHandler } from '../../../lib/handler/handler-context.ts';
import { handleAsPlanned } from '../handling.ts';
import { type Called, handleManyAsPlanned } from '../handling-many.ts';
import type { Host } from '../host.ts';
import type { System } from '../system.ts';
import type { World } from '../world.ts';
import { addEffects, type EffectTables } from './effect-tables.ts';

/** Where a user's handler runs whose effects are DynamoDB writes. */
export interface EffectsHandlerParts {
  readonly world: World;
  readonly tables: EffectTables;
  readonly host: Host;
  readonly knownBy: System['knownBy'];
}

/** A handler of one record, for the modes that commit effects. */
export function addingEffects({
  world,
  tables,
  host,
  knownBy,
}: EffectsHandlerParts): RecordHandler<unknown, Uint8Array, EffectContext> {
  return async (record, { effects, signal, lambdaContext }) => {
    const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
    await handleAsPlanned(world, run, signal, () => addEffects(world, effects, tables, run, knownBy));
  };
}

/** A handler of many records a call, for the same modes. */
export function addingManyEffects({
  world,
  tables,
  host,
  knownBy,
}: EffectsHandlerParts): RecordsHandler<unknown, Uint8Array, ManyEffectContext> {
  return async (records, { effects, fail, signal, lambdaContext }) => {
    const called = records.map((record): Called => {
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
      return {
        run,
        produce: () => addEffects(world, effects(record), tables, run, knownBy),
        fail: (error) => fail(record, error),
      };
    });
    await handleManyAsPlanned(world, called, signal);
  };
}
