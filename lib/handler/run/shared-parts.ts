import type { Acquirer } from '../claims/acquirer.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import type { CompletionCache } from '../claims/completion-cache.ts';
import type { Completions } from '../claims/completions.ts';
import type { Holds } from '../claims/holds.ts';
import type { LeaseKeeper } from '../claims/lease-keeper.ts';
import type { Releases } from '../claims/releases.ts';
import type { LambdaContext } from '../lambda-context.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Entry, Prepared, Unit } from './entry.ts';
import type { GiveUpPolicy } from './give-up.ts';
import type { HandlerPace } from './handler-pace.ts';
import type { Slots } from './slots.ts';

/** What the units of one invocation share, whatever the mode. Modes without claims claim what failed. */
export interface SharedParts {
  readonly terms: ClaimTerms;
  readonly acquirer: Acquirer;
  readonly holds: Holds;
  readonly leases: LeaseKeeper;
  readonly completions: Completions;
  readonly releases: Releases;
  readonly cache: CompletionCache;
  readonly slots: Slots;
  readonly pace: HandlerPace;
  readonly giveUp: GiveUpPolicy;
  readonly onFingerprintMismatch: 'reject' | 'fail' | 'skip';
  readonly deadLetters: DeadLetters | undefined;
  readonly lambdaContext: LambdaContext | undefined;
  /** Makes a record ready; never rejects. */
  readonly prepare: (entry: Entry) => Promise<Prepared>;
  /** Records whose handler goes on although it was told to stop. */
  readonly unsettled: Entry[];
}

/** How the units of one invocation are run. */
export interface ModeRun {
  run(unit: Unit): Promise<void>;
  /** After all units have ended. */
  end(): Promise<void>;
}

/** Starts a mode for one invocation. */
export type StartMode = (units: readonly Unit[], parts: SharedParts) => ModeRun;
