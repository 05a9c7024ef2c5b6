import type { Coordinates } from '../coordinates.ts';
import type { Verdict } from './answer.ts';
import { type Batch, type BatchPart, committableOffset } from './batch.ts';
import type { ResolvedSettings } from './settings.ts';

/**
 * What a partial response means. AWS's page speaks of retrying the named records; some read it like the checkpoint of
 * Kinesis: everything from the lowest named offset of a topic-partition on. A function must be right under both.
 */
export type PartialResponseReading = 'named' | 'fromLowest';

/** What follows from a verdict. */
export interface BatchPlan<R extends Coordinates> {
  /** Offsets to commit, by `<topic>-<partition>`; only those that this verdict moved on. */
  readonly commits: ReadonlyMap<string, number>;
  /** Records given up because the retries are used up. They count as done for the commits. */
  readonly dropped: readonly R[];
  /** The batch to deliver next for its topic-partitions; the others are free for new batches. */
  readonly retry: Batch<R> | undefined;
}

/**
 * Plans what comes after a delivery of `batch`.
 *
 * Source: developer guide, "Configure error handling controls for Kafka event sources" (retries, the first try not
 * counted); API reference, `MaximumRetryAttempts`.
 */
export function planAfter<R extends Coordinates>(
  batch: Batch<R>,
  verdict: Verdict,
  rules: Pick<ResolvedSettings, 'maximumRetryAttempts'> & { readonly partialResponseReading: PartialResponseReading },
): BatchPlan<R> {
  if (verdict.kind === 'notInvoked') {
    return { commits: new Map(), dropped: [], retry: batch };
  }
  const failedTries = batch.failedTries + (verdict.kind === 'done' ? 0 : 1);
  const exhausted = rules.maximumRetryAttempts !== -1 && failedTries > rules.maximumRetryAttempts;
  const commits = new Map<string, number>();
  const dropped: R[] = [];
  const parts = new Map<string, BatchPart<R>>();
  for (const [partition, before] of batch.parts) {
    const undone = stillUndone(before, verdict, partition, rules.partialResponseReading);
    if (exhausted) {
      dropped.push(...before.records.filter(({ offset }) => undone.has(offset)));
    }
    const after = { records: before.records, undone: exhausted ? new Set<number>() : undone };
    const offset = committableOffset(after);
    if (offset !== undefined && offset !== committableOffset(before)) {
      commits.set(partition, offset);
    }
    if (after.undone.size > 0) {
      parts.set(partition, after);
    }
  }
  return { commits, dropped, retry: parts.size > 0 ? { failedTries, parts } : undefined };
}

function stillUndone<R extends Coordinates>(
  { undone }: BatchPart<R>,
  verdict: Exclude<Verdict, { kind: 'notInvoked' }>,
  partition: string,
  reading: PartialResponseReading,
): ReadonlySet<number> {
  if (verdict.kind === 'done') {
    return new Set();
  }
  if (verdict.kind === 'failed') {
    return undone;
  }
  const failed = verdict.failures.get(partition) ?? new Set<number>();
  if (reading === 'named' || failed.size === 0) {
    return failed;
  }
  const lowest = [...failed].reduce((low, offset) => Math.min(low, offset), Number.POSITIVE_INFINITY);
  return new Set([...undone].filter((offset) => offset >= lowest));
}
