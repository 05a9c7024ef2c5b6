import type { CommitStore } from '../../ports/commit-store.ts';
import type { ManyContext } from '../handle-many.ts';
import type { StartMode } from '../run/shared-parts.ts';
import { callsWithoutEffects, type ManyOptions } from './calls/calls-of.ts';
import { Expectation } from './expectation.ts';
import { KeyLeaders } from './key-leaders.ts';
import type { MarkedParts } from './marked-parts.ts';
import { MarkedUnitRun } from './marked-unit-run.ts';
import { MarkerLooks } from './marker-looks.ts';
import { Marks } from './marks.ts';
import { countStarts, type StartsOptions } from './starts/count-starts.ts';

export interface MarkModeOptions extends ManyOptions<ManyContext>, StartsOptions {
  readonly store: CommitStore;
}

/** `mark`: a record's marker is read before its handler and written after it; nothing is claimed. */
export function markMode(options: MarkModeOptions): StartMode {
  return (units, shared) => {
    const looks = new MarkerLooks(units, shared);
    const marks = new Marks(shared, looks, options.store);
    const mostAhead = shared.terms.settings.completionLag;
    const { calls, starts } = countStarts(units, shared, options, mostAhead, callsWithoutEffects(shared, options));
    const parts: MarkedParts = {
      shared,
      looks,
      leaders: new KeyLeaders(),
      expectation: new Expectation(),
      mostAhead,
      calls,
      starts,
      finish: (handled, endings) => marks.mark(handled, endings),
    };
    return {
      run: (unit) => new MarkedUnitRun(unit, parts).run(),
      end: async () => {
        await looks.drain();
        await starts?.close(shared.unsettled);
      },
    };
  };
}
