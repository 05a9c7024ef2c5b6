import type { Cell, Site, Unreachable } from './cells.ts';
import type { Host } from './host.ts';
import type { Injector } from './injector.ts';
import type { PlannedRecord, Settings } from './schedule.ts';
import type { EffectSeen, Run, World } from './world.ts';

/** What a schedule has to know of the system under test. */
export interface Traits {
  /** All cells that can be hit. */
  readonly cells: readonly Cell[];
  /** Without a sink a record that can never be handled would block its partition for ever: none is sent then. */
  readonly hasDeadLetters: boolean;
  /** Makes of any settings such as the system can have. */
  adjust(settings: Settings): Settings;
  /** Only records that failed are claimed, on their way to the dead letters. */
  readonly claimsFailuresOnly: boolean;
}

/** Whether the handler is given one record a call or many. */
export type CallsFor = 'one' | 'many';

/** A way of handling records once, put to the proof. */
export interface System extends Traits {
  readonly name: string;
  readonly mode: string;
  /** Of so many schedules over all systems it has this share. */
  readonly share: number;
  readonly sites: readonly Site[];
  readonly unreachable: readonly Unreachable[];
  /** What makes two records one: their business ID where they have one, or nothing but their coordinates. */
  readonly knownBy: 'businessId' | 'coordinates';
  /** The system over a store of its own, for one schedule. */
  open(world: World, injector: Injector): OpenSystem;
}

/** What Lambda calls, as a deployed function. */
export type Invoke = (event: unknown, context: InvocationContext) => Promise<unknown>;

export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export interface OpenSystem {
  /** A new execution environment. */
  start(host: Host): Invoke;
  /** Every effect that is visible outside, in the order in which it became so. */
  effects(): readonly EffectSeen[];
  /** Whether the documented window of the mode covers it that `later` happened although `earlier` had; undefined: no window. */
  readonly isInWindow?: (earlier: EffectSeen, later: EffectSeen) => boolean;
  /** Whether a process may put a record aside of which this run had the effect; undefined: it may. */
  mayPutAside?(run: Run, host: Host): boolean;
  /** Its effects are written when the handler has returned: none of one that threw, or of a record that it named as failed. */
  readonly writesAfterwards?: boolean;
  /** Most repeats that one lost invocation may cause in an ordering unit. */
  readonly mostRepeats?: number;
  /** A person who has made the topic again does what the documentation asks for, and deploys; undefined: it asks for nothing. */
  topicMadeAgain?(): void;
}

/** Names what may take effect once. */
export function effectName(record: PlannedRecord, knownBy: System['knownBy']): string {
  return knownBy === 'businessId' && record.id !== undefined
    ? `id ${record.id}`
    : `${record.generation}/${record.partition}@${record.offset}`;
}
