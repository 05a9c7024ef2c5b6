import type { CommitStore } from '../../ports/commit-store.ts';
import type { StartMode } from '../run/shared-parts.ts';
import { Expectation } from './expectation.ts';
import { KeyLeaders } from './key-leaders.ts';
import type { MarkedParts } from './marked-parts.ts';
import { MarkedUnitRun } from './marked-unit-run.ts';
import { MarkerLooks } from './marker-looks.ts';
import { Marks } from './marks.ts';

/** `mark`: a record's marker is read before its handler and written after it; nothing is claimed. */
export function markMode(store: CommitStore): StartMode {
  return (units, shared) => {
    const looks = new MarkerLooks(units, shared);
    const marks = new Marks(shared, looks, store);
    const parts: MarkedParts = {
      shared,
      looks,
      leaders: new KeyLeaders(),
      expectation: new Expectation(),
      mostAhead: shared.terms.settings.completionLag,
      recorder: undefined,
      finish: (handled, endings) => marks.mark(handled, endings),
    };
    return {
      run: (unit) => new MarkedUnitRun(unit, parts).run(),
      end: () => looks.drain(),
    };
  };
}
