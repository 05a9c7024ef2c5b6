import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from './consumer.ts';
import type { Disturbance } from './disturbance-plan.ts';
import type { Disturber } from './disturber.ts';
import type { Progress } from './progress.ts';
import type { Waiters } from './waiters.ts';

/** Work of a consumer, and what is done to it meanwhile. */
export interface UnderFire {
  readonly plan: readonly Disturbance[];
  readonly consumer: Consumer;
  readonly disturber: Disturber;
  /** How far the work is, in what the plan counts. */
  readonly done: () => number;
  /** Woken by each step of the work, at which an invocation is under way. */
  readonly steps: Waiters;
  readonly cutSeconds: number;
  readonly progress: Progress;
  /** What is to be said after a disturbance. */
  readonly remark: () => string;
  readonly signal: AbortSignal;
}

/** Produces records while the consumer works and is disturbed; ends when all of it is done. */
export async function underFire(run: UnderFire, produce: () => Promise<void>): Promise<void> {
  const { consumer, steps, signal } = run;
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  over.addEventListener('abort', () => steps.wake(), { once: true });
  const disturbing = disturb(run, over);
  disturbing.catch(() => {}); // It is awaited below, after the producer.
  try {
    await produce();
    // Disturbances that fail must end the work even if the consumer never would.
    await Promise.race([consumer.mapping.drained(), disturbing.then(() => consumer.mapping.drained())]);
  } finally {
    ended.abort();
  }
  await disturbing;
  await consumer.gate.idle();
}

async function disturb(run: UnderFire, over: AbortSignal): Promise<void> {
  const { plan, disturber, done, steps, cutSeconds, progress, remark } = run;
  for (const { kind, after, delayMs } of plan) {
    for (let isDone = false; !isDone && !over.aborted; ) {
      while (done() <= after && !over.aborted) await steps.next();
      await delay(delayMs);
      if (!over.aborted) await steps.next();
      if (over.aborted) return;
      if (kind === 'cut') {
        progress.note(`DynamoDB is cut off for ${cutSeconds} s`);
        await disturber.cut(cutSeconds * 1000);
        isDone = true;
      } else isDone = await disturber.kill();
      if (isDone) progress.note(`${kind === 'cut' ? 'DynamoDB is back' : `kill ${disturber.kills}`}${remark()}`);
    }
  }
}
