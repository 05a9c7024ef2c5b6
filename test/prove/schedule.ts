import type { Cell } from './cells.ts';

/** What a record's handler does. Effects come first where the name says so. */
export type Behaviour = 'ok' | 'slow' | 'effectThenSlow' | 'throwOnce' | 'throw' | 'unprocessable';

export interface PlannedRecord {
  /** 0; 1 for a record of the topic that was made again. */
  readonly generation: number;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly id: number | undefined;
  readonly key: string | undefined;
  /** Base64 of JSON: records of one ID have one payload. */
  readonly value: string;
  readonly behaviour: Behaviour;
}

/** What of a partition goes into a batch: some records from the first one that is not done, or from a few before it. */
export interface PlannedSlice {
  readonly partition: number;
  readonly stepsBack: number;
  readonly records: number;
}

export interface PlannedDelivery {
  /** The execution environment; one that is gone or busy is replaced by a new one. */
  readonly environment: number;
  /** Takes the environment even if it is busy with another invocation. */
  readonly shares: boolean;
  /** So long after the start of the delivery before; undefined: when that one has ended. */
  readonly afterMs: number | undefined;
  readonly slices: readonly PlannedSlice[];
  /** Leaves out what is done already, which partial responses may do. */
  readonly onlyUndone: boolean;
}

export interface PlannedFault {
  readonly cell: Cell;
  /** It strikes at this call of its site, counted from 1 over all processes. */
  readonly atCall: number;
  readonly frozenMs: number;
  /** For `timeOut`: when the call is carried out after all. */
  readonly carriedOut: 'never' | 'atOnce' | 'late';
  readonly lateMs: number;
  /** For `cutAfter`: the SDK sends it again. */
  readonly sentAgain: boolean;
  /** For `throttled`: only the second half of the items. */
  readonly partly: boolean;
}

/** Options of the handler under test, and of the mapping that invokes it. */
export interface Settings {
  readonly ordering: 'partition' | 'key' | 'none';
  readonly reports: boolean;
  readonly completionLag: number;
  readonly maxConcurrency: number;
  readonly leaseMs: number;
  readonly clockSkewMs: number;
  readonly maxAttempts: number;
  readonly remainingMs: number;
  readonly remembers: boolean;
  readonly onUnknownOutcome: 'handleAgain' | 'deadLetter';
  readonly afterDeadLetter: 'continue' | 'holdKey';
  /** `commit: 'prefix'` where the mode has it. */
  readonly commitsPrefixes: boolean;
  /**
   * How handlers whose effects are DynamoDB writes take a record whose effect is there already: they do not look, make their
   * effects conditional on it, or look and refuse the record.
   */
  readonly repeats: 'unseen' | 'conditional' | 'refused';
  /** How long a call takes to arrive; an effect is made at once. */
  readonly latencyMs: number;
  /** What is on its way when its process is killed arrives all the same. */
  readonly arrivesAfterDeath: boolean;
  /** How long a slow handler takes. */
  readonly slowMs: number;
  readonly many: ManySettings;
  /** Handlers whose effects are DynamoDB writes add conditional ones of every other kind. */
  readonly guards: boolean;
  /** `countStarts` where the mode has it. */
  readonly countsStarts: boolean;
}

/** What there is to a handler of many records a call. */
export interface ManySettings {
  readonly maxRecords: number;
  /** A record that fails is named, or the call throws; or this for some and that for others. */
  readonly tells: 'named' | 'thrown' | 'mixed';
  /** A record fails when its effects are made, or added. */
  readonly failsLate: boolean;
  /** One call for more than one record throws in the end, and none of them was at fault. */
  readonly throwsInCompany: boolean;
  /** The last record of the call is handled first. */
  readonly backwards: boolean;
}

/** All that happens in one run, except what follows from it. */
export interface Schedule {
  readonly seed: number;
  readonly index: number;
  readonly settings: Settings;
  /** The records of the topic, and of the topic made again if it is. */
  readonly topics: readonly (readonly PlannedRecord[])[];
  /** How far each new process's clock is off, used in turn. */
  readonly skewsMs: readonly number[];
  readonly deliveries: readonly PlannedDelivery[];
  /** The topic is made again before this delivery. */
  readonly madeAgainBefore: number | undefined;
  readonly faults: readonly PlannedFault[];
  /** In the end everything is delivered once more from the start, as after a reset of the consumer group. */
  readonly rewinds: boolean;
}

export function placeOf(record: Pick<PlannedRecord, 'generation' | 'partition' | 'offset'>): string {
  return `${record.generation}/${record.partition}@${record.offset}`;
}
