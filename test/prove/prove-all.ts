import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { systems } from './systems/all.ts';
import type { Proven } from './table.ts';
import { emptyTally, merge, type Tally } from './tally.ts';
import type { Work } from './worker.ts';

const chunk = 5_000;

/** Runs so many schedules over our systems, with a sample of others (or over those of one mode), on all cores. */
export async function proveAll(seed: number, schedules: number, mode: string | undefined): Promise<readonly Proven[]> {
  const chosen = systems.flatMap((system, at) => (mode === undefined || system.mode === mode ? [{ system, at }] : []));
  const results = chosen.map(({ system, at }) => ({
    system,
    at,
    tally: emptyTally(),
    schedules: mode === undefined ? Math.ceil(schedules * system.share) : schedules,
  }));
  const waiting = results.flatMap((result) => chunksOf(result.schedules).map((part) => ({ ...result, ...part })));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const share = { seed, from: next.from, schedules: next.count };
      merge(next.tally, await inThread({ system: next.at, share }));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

function chunksOf(schedules: number): { readonly from: number; readonly count: number }[] {
  return Array.from({ length: Math.ceil(schedules / chunk) }, (_, part) => ({
    from: part * chunk,
    count: Math.min(chunk, schedules - part * chunk),
  }));
}

function inThread(work: Work): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: work });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
