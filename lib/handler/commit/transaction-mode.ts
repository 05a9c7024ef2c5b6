import { EffectRecorder } from '../../core/effects/effect-recorder.ts';
import type { CommitStore } from '../../ports/commit-store.ts';
import type { ManyEffectContext } from '../handle-many.ts';
import type { StartMode } from '../run/shared-parts.ts';
import { callsWithEffects, type ManyOptions } from './calls/calls-of.ts';
import { type CommitOption, mostAheadOf } from './commit-option.ts';
import { Expectation } from './expectation.ts';
import { GroupCommit } from './group-commit.ts';
import { KeyLeaders } from './key-leaders.ts';
import type { InTheWay } from './looked.ts';
import type { MarkedParts } from './marked-parts.ts';
import { MarkedUnitRun } from './marked-unit-run.ts';
import { MarkerLooks } from './marker-looks.ts';
import { countStarts, type StartsOptions } from './starts/count-starts.ts';
import { TransactionCommits } from './transaction-commits.ts';
import { TransactionMember } from './transaction-member.ts';

export interface TransactionModeOptions extends ManyOptions<ManyEffectContext>, StartsOptions {
  readonly store: CommitStore;
  readonly commit: CommitOption;
}

/** `transaction`: a record's marker and its effects commit together. */
export function transactionMode(options: TransactionModeOptions): StartMode {
  const { store, commit } = options;
  return (units, shared) => {
    const looks = new MarkerLooks(units, shared);
    const expectation = new Expectation();
    const mode = new TransactionCommits(shared, looks);
    const commits = new GroupCommit<InTheWay, TransactionMember>({ terms: shared.terms, store, mode, expectation });
    const mostAhead = mostAheadOf(commit);
    const uncounted = callsWithEffects(shared, (entry) => new EffectRecorder(entry.received, store.tableName), options);
    const { calls, starts } = countStarts(units, shared, options, mostAhead, uncounted);
    const parts: MarkedParts = {
      shared,
      looks,
      leaders: new KeyLeaders(),
      expectation,
      mostAhead,
      calls,
      starts,
      finish: (handled, endings, failed) => commits.offer(new TransactionMember(handled, endings, failed)),
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
