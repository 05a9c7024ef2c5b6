import type { RecordEndings } from '../run/record-endings.ts';
import type { SharedParts } from '../run/shared-parts.ts';
import type { Calls } from './calls/calls.ts';
import type { Expectation } from './expectation.ts';
import type { FailedRecords } from './failed-records.ts';
import type { Handled } from './handled.ts';
import type { KeyLeaders } from './key-leaders.ts';
import type { MarkerLooks } from './marker-looks.ts';
import type { Starts } from './starts/starts.ts';

/** What the units of one invocation share in a mode that marks records without claiming them first. */
export interface MarkedParts {
  readonly shared: SharedParts;
  readonly looks: MarkerLooks;
  readonly leaders: KeyLeaders;
  readonly expectation: Expectation;
  /** Records of a unit that may be on their way to their mark at a time, the one being handled included. */
  readonly mostAhead: number;
  readonly calls: Calls;
  /** Undefined where starts are not counted. */
  readonly starts: Starts | undefined;
  /** Marks a handled record, with its effects if it has any; resolves when it is settled. */
  readonly finish: (handled: Handled, endings: RecordEndings, failed: FailedRecords) => Promise<void>;
}
