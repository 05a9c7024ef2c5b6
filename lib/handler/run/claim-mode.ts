import { ClaimWindow } from '../claims/claim-window.ts';
import { AloneGate } from './alone-gate.ts';
import type { StartMode } from './shared-parts.ts';
import { UnitRun } from './unit-run.ts';
import type { UnitRunParts } from './unit-run-parts.ts';

/** `claim`: each record is claimed before its handler and completed after it. */
export const claimMode: StartMode = (units, shared) => {
  const window = new ClaimWindow(units, shared);
  const claimsWhenReady = shared.terms.settings.onUnknownOutcome === 'deadLetter';
  const parts: UnitRunParts = { ...shared, window, gate: new AloneGate(), claimsWhenReady };
  // A handler that does not stop may take the rest of the time: what will not start behind it is given back before.
  let atNoMoreStarts: Promise<void> | undefined;
  void shared.terms.budget.noMoreStarts.then(() => {
    atNoMoreStarts = window.drain();
  });
  return {
    run: (unit) => new UnitRun(unit, parts).run(),
    async end() {
      await window.drain();
      await atNoMoreStarts;
    },
  };
};
