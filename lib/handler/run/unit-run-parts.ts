import type { ClaimWindow } from '../claims/claim-window.ts';
import type { AloneGate } from './alone-gate.ts';
import type { SharedParts } from './shared-parts.ts';

/** What the units of one invocation share in `claim` mode. */
export interface UnitRunParts extends SharedParts {
  readonly window: ClaimWindow;
  readonly gate: AloneGate;
  /** A record is claimed only when its handler can start at once: nothing is claimed ahead. */
  readonly claimsWhenReady: boolean;
}
