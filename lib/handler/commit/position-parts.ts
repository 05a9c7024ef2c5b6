import type { SharedParts } from '../run/shared-parts.ts';
import type { Calls } from './calls/calls.ts';
import type { EarlierAttempts } from './earlier-attempts.ts';
import type { Expectation } from './expectation.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Moved, PositionMember } from './position-member.ts';
import type { Positions } from './positions.ts';
import type { Starts } from './starts/starts.ts';

/** What the units of one invocation share in `position` mode. */
export interface PositionParts {
  readonly shared: SharedParts;
  readonly positions: Positions;
  readonly commits: GroupCommit<Moved, PositionMember>;
  readonly expectation: Expectation;
  readonly generation: number;
  /** Records of a unit that may be on their way to their commit at a time, the one being handled included. */
  readonly mostAhead: number;
  readonly calls: Calls;
  /** Undefined where starts are not counted. */
  readonly starts: Starts | undefined;
  /** Undefined where each record is called alone. */
  readonly earlier: EarlierAttempts | undefined;
}
