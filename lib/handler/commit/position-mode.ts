import { EffectRecorder } from '../../core/effects/effect-recorder.ts';
import type { CommitStore } from '../../ports/commit-store.ts';
import type { ManyEffectContext } from '../handle-many.ts';
import type { StartMode } from '../run/shared-parts.ts';
import { callsWithEffects, type ManyOptions } from './calls/calls-of.ts';
import { type CommitOption, mostAheadOf } from './commit-option.ts';
import { EarlierAttempts } from './earlier-attempts.ts';
import { Expectation } from './expectation.ts';
import { GroupCommit } from './group-commit.ts';
import { PositionCommits } from './position-commits.ts';
import type { Moved, PositionMember } from './position-member.ts';
import type { PositionParts } from './position-parts.ts';
import { PositionUnitRun } from './position-unit-run.ts';
import { Positions, type PositionsParts } from './positions.ts';
import { countStarts, type StartsOptions } from './starts/count-starts.ts';

export interface PositionModeOptions extends ManyOptions<ManyEffectContext>, StartsOptions {
  readonly store: CommitStore;
  readonly commit: CommitOption;
  readonly generation: number;
  readonly keyOf: PositionsParts['keyOf'];
}

/** `position`: the effects of a topic-partition's records and its next offset commit together. */
export function positionMode(options: PositionModeOptions): StartMode {
  const { store, commit, generation, keyOf } = options;
  return (units, shared) => {
    const { terms } = shared;
    const positions = new Positions(units, { terms, store, keyOf });
    const expectation = new Expectation();
    const mode = new PositionCommits(positions, generation);
    const mostAhead = mostAheadOf(commit);
    const uncounted = callsWithEffects(shared, (entry) => new EffectRecorder(entry.received, store.tableName), options);
    const { calls, starts } = countStarts(units, shared, options, mostAhead, uncounted);
    const parts: PositionParts = {
      shared,
      positions,
      commits: new GroupCommit<Moved, PositionMember>({ terms, store, mode, expectation }),
      expectation,
      earlier: options.handleMany === undefined ? undefined : new EarlierAttempts(terms),
      generation,
      mostAhead,
      calls,
      starts,
    };
    return {
      run: (unit) => new PositionUnitRun(unit, parts).run(),
      end: async () => {
        await positions.drain();
        await starts?.close(shared.unsettled);
      },
    };
  };
}
