import type { Acquirer } from '../claims/acquirer.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import type { ClaimWindow } from '../claims/claim-window.ts';
import type { Completions } from '../claims/completions.ts';
import type { Holds } from '../claims/holds.ts';
import type { LeaseKeeper } from '../claims/lease-keeper.ts';
import type { Releases } from '../claims/releases.ts';
import type { AloneGate } from './alone-gate.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Entry } from './entry.ts';
import type { GiveUpPolicy } from './give-up.ts';
import type { HandlerPace } from './handler-pace.ts';
import type { Slots } from './slots.ts';

/** What the units of one invocation share. */
export interface UnitRunParts {
  readonly terms: ClaimTerms;
  readonly window: ClaimWindow;
  readonly acquirer: Acquirer;
  readonly holds: Holds;
  readonly leases: LeaseKeeper;
  readonly completions: Completions;
  readonly releases: Releases;
  readonly gate: AloneGate;
  readonly slots: Slots;
  readonly pace: HandlerPace;
  readonly giveUp: GiveUpPolicy;
  readonly onFingerprintMismatch: 'reject' | 'fail' | 'skip';
  readonly deadLetters: DeadLetters | undefined;
  /** A record is claimed only when its handler can start at once: nothing is claimed ahead. */
  readonly claimsWhenReady: boolean;
  /** Records whose handler goes on although it was told to stop. */
  readonly unsettled: Entry[];
}
