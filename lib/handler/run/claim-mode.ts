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
  return {
    run: (unit) => new UnitRun(unit, parts).run(),
    end: () => window.drain(),
  };
};
