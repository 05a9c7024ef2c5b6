import { describe, expect, it } from 'vitest';
import { TimeBudgetError } from '../../../../lib/core/errors/errors.ts';
import type { HandlerContext } from '../../../../lib/handler/handler-context.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { type BenchKafkaRecord, type BenchOptions, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';

/** Of 20 s the reserve is 2 s: starts end at 18 s, the abort is at 19 s, the hard stop at 19.5 s. */
const remainingMs = 20_000;

function elapse(clock: FakeClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(ms, resolve));
}

/** Works for some time, and stops when it is told to. */
async function work(clock: FakeClock, ms: number, signal: AbortSignal): Promise<void> {
  await Promise.race([
    elapse(clock, ms),
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
  ]);
}

/** A bench whose records take as many ms as their ID says. */
function bench(options: BenchOptions = {}): HandlerBench {
  const made: HandlerBench = new HandlerBench(
    (record: BenchKafkaRecord, { signal }: HandlerContext) => work(made.clock, Number(record.key), signal),
    options,
  );
  return made;
}

const taking = (ms: number, offset: number, partition = 0) => ({
  offset,
  partition,
  id: `${partition}@${offset}`,
  key: `${ms}`,
});

describe('near the deadline', () => {
  it('no record is started within the reserve', async () => {
    const run = bench();
    const answer = await run.invoke([taking(17_999, 1), taking(10, 2), taking(10, 3)], remainingMs);
    expect(answer).toEqual({ undone: ['orders-0@3'] });
    expect(run.outcomes().get('orders-0@3')).toBe('notAttempted');
    const late = bench();
    expect(await late.invoke([taking(18_001, 1), taking(10, 2)], remainingMs)).toEqual({ undone: ['orders-0@2'] });
    expect(late.handlings).toHaveLength(1);
  });

  it('what was claimed ahead and not started is given back, as if it had not been claimed', async () => {
    const run = bench();
    await run.invoke([taking(18_500, 1), taking(10, 2), taking(10, 3)], remainingMs);
    expect(run.store.keys().map((key) => run.store.peek(key)?.source)).toEqual(['orders-0@1']);
    await run.invoke([taking(18_500, 1), taking(10, 2)], remainingMs);
    expect(run.handlings.map(({ at, attempts }) => [at, attempts])).toEqual([
      ['orders-0@1', 1],
      ['orders-0@2', 1],
    ]);
  });

  it('a handler may finish within the reserve', async () => {
    const run = bench();
    expect(await run.invoke([taking(18_900, 1)], remainingMs)).toEqual({ undone: [] });
  });

  it('handlers are aborted with a TimeBudgetError', async () => {
    const reasons: unknown[] = [];
    const run: HandlerBench = new HandlerBench(async (_record, { signal }) => {
      await work(run.clock, 60_000, signal).catch((error: unknown) => reasons.push(error, run.clock.nowMs() - startMs));
      throw new Error('stopped');
    });
    const startMs = run.clock.nowMs();
    expect(await run.invoke([taking(1, 1)], remainingMs)).toEqual({ undone: ['orders-0@1'] });
    expect(reasons).toEqual([expect.any(TimeBudgetError), 19_000]);
    expect(run.exits).toEqual([]);
  });

  it('a handler that returns after the signal has its effect marked', async () => {
    const run: HandlerBench = new HandlerBench((_record, { signal }) =>
      work(run.clock, 60_000, signal).catch(() => 'committed all the same'),
    );
    expect(await run.invoke([taking(1, 1)], remainingMs)).toEqual({ undone: [] });
    expect(run.store.keys().map((key) => run.store.peek(key)?.status)).toEqual(['COMPLETED']);
  });

  it('the invocation answers before Lambda ends it, whatever the handlers do', async () => {
    for (const ms of [17_000, 18_000, 18_999, 19_000, 19_001, 60_000]) {
      const run = bench();
      const startMs = run.clock.nowMs();
      await run.invoke([taking(ms, 1), taking(ms, 1, 1), taking(1, 2, 1)], remainingMs);
      expect(run.clock.nowMs() - startMs).toBeLessThan(remainingMs);
      expect(run.clock.pending - run.handlings.filter((one) => one.endedAtMs === undefined).length).toBeLessThanOrEqual(
        2,
      );
    }
  });
});

describe('an attempt ended by the clock', () => {
  const attemptsAfter = async (first: number): Promise<number | undefined> => {
    const run = bench({ completionLag: 1 });
    await run.invoke([taking(first, 1), taking(60_000, 2)], remainingMs);
    await run.invoke([taking(first, 1), taking(60_000, 2)], remainingMs);
    return run.handlings.filter((one) => one.at === 'orders-0@2').at(-1)?.attempts;
  };

  it('counts when its handler had at least half of the time', async () => {
    expect(await attemptsAfter(9_900)).toBe(2);
  });

  it('does not count when others had used up the time', async () => {
    expect(await attemptsAfter(10_100)).toBe(1);
  });

  it('makes a dead letter of a record that alone takes too long, and never of one behind it', async () => {
    const run = bench({ maxAttempts: 2 });
    const records = [taking(60_000, 1), taking(10, 2)];
    expect(await run.invoke(records, remainingMs)).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(await run.invoke(records, remainingMs)).toEqual({ undone: ['orders-0@2'] });
    expect(await run.invoke(records, remainingMs)).toEqual({ undone: [] });
    expect(run.deadLetters.letters.map(({ reason, attempts }) => ({ reason, attempts }))).toEqual([
      { reason: 'attemptsExhausted', attempts: 2 },
    ]);
    expect(run.handlings.at(-1)).toMatchObject({ at: 'orders-0@2', attempts: 1 });
  });
});

describe('a handler that ignores its signal', () => {
  const never = new Promise<never>(() => undefined);

  it('ends the process instead of an answer; its claim stays, and the completions of others are written', async () => {
    const run: HandlerBench = new HandlerBench(
      (record) => {
        if (record.partition === 0) return never;
        return elapse(run.clock, record.partition * 10_000 - 600);
      },
      { failureReporting: { report: ['orders'] } },
    );
    const startMs = run.clock.nowMs();
    const answer = await run.invoke([taking(1, 1), taking(1, 1, 1), taking(1, 1, 2)], remainingMs);
    expect(answer).toEqual({ threw: expect.objectContaining({ message: expect.stringContaining('orders-0@1') }) });
    expect(run.exits).toEqual([expect.stringContaining('orders-0@1')]);
    expect(run.clock.nowMs() - startMs).toBeGreaterThanOrEqual(19_500);
    expect(run.clock.nowMs() - startMs).toBeLessThan(remainingMs);
    const markers = run.store.keys().map((key) => run.store.peek(key));
    expect(Object.fromEntries(markers.map((marker) => [marker?.source, marker?.status]))).toEqual({
      'orders-0@1': 'INPROGRESS',
      'orders-1@1': 'COMPLETED',
      'orders-2@1': 'COMPLETED',
    });
    expect(markers.find((marker) => marker?.status === 'INPROGRESS')?.owner).toBeTypeOf('string');
    expect(run.observations).toContainEqual({
      type: 'handlerUnsettled',
      coordinates: { topic: 'orders', partition: 0, offset: 1 },
    });
    expect(run.clock.pending).toBe(0);
  });

  it('leaves no claims of records behind it, which never started', async () => {
    const run = new HandlerBench((record) => (record.offset === 1 ? never : undefined));
    await run.invoke([taking(1, 1), ...[2, 3, 4].map((offset) => taking(1, offset))], remainingMs);
    expect(run.store.keys().map((key) => run.store.peek(key)?.source)).toEqual(['orders-0@1']);
    expect(run.observations.filter(({ type }) => type === 'storeFailed')).toEqual([]);
  });

  it('has no effect on its claim any more when it returns after all', async () => {
    const late = Promise.withResolvers<string>();
    const run = new HandlerBench(() => late.promise);
    await run.invoke([taking(1, 1)], remainingMs);
    const [key = ''] = run.store.keys();
    const before = run.store.peek(key);
    late.resolve('done');
    await run.clock.advance(60_000);
    expect(run.store.peek(key)).toBe(before);
  });

  it('is tried again alone, and at last goes to the dead letters', async () => {
    const run = new HandlerBench((record) => (record.offset === 1 ? never : undefined), { maxAttempts: 2 });
    const records = [taking(1, 1), taking(1, 5, 1)];
    for (let deliveries = 0; deliveries < 8; deliveries += 1) {
      const answer = await run.invoke(records, remainingMs);
      await run.clock.advance(60_000);
      if ('undone' in answer && answer.undone.length === 0) break;
    }
    expect(await run.invoke(records, remainingMs)).toEqual({ undone: [] });
    expect(run.deadLetters.letters.map(({ reason, record }) => [reason, record.offset])).toEqual([
      ['attemptsExhausted', 1],
    ]);
    expect(run.handlings.filter((one) => one.at === 'orders-1@5')).toHaveLength(1);
  });

  it('is stopped also when it is handled unprotected', async () => {
    const run: HandlerBench = new HandlerBench(
      () => never,
      { onStoreFailure: 'handleUnprotected' },
      {},
      { faults: () => 'throttle' },
    );
    expect(await run.invoke([taking(1, 1)], remainingMs)).toHaveProperty('threw');
    expect(run.exits).toHaveLength(1);
    expect(run.observations.map((one) => one.type)).toContain('handlerUnsettled');
  });
});

describe('a record that is handled unprotected', () => {
  it('is not started within the reserve either', async () => {
    const run: HandlerBench = new HandlerBench(
      () => elapse(run.clock, startMs + 18_500 - run.clock.nowMs()),
      { onStoreFailure: 'handleUnprotected', maxConcurrency: 1 },
      {},
      { faults: () => 'throttle' },
    );
    const startMs = run.clock.nowMs();
    const answer = await run.invoke([taking(1, 1), taking(1, 1, 1)], remainingMs);
    expect(run.handlings).toHaveLength(1);
    expect('undone' in answer && answer.undone).toHaveLength(1);
    expect(run.exits).toEqual([]);
  });
});

describe('a clock that jumps during an invocation', () => {
  const jumps = [-86_400_000, -60_000, -1_000, 1_000, 15_000, 60_000, 86_400_000];

  it.each(jumps)(
    'by %i ms loses nothing: what is not in the answer took effect, and the rest does at last',
    async (jumpMs) => {
      const effects: string[] = [];
      const run: HandlerBench = new HandlerBench(async (record, { signal }) => {
        await work(run.clock, 500, signal);
        effects.push(`${record.partition}@${record.offset}`);
      });
      const records = Array.from({ length: 30 }, (_, index) => ({
        offset: index,
        partition: index % 3,
        id: index,
      }));
      const pending = run.start(lambdaEvent(records), remainingMs);
      await run.clock.advance(1_200);
      run.clock.setNowMs(run.clock.nowMs() + jumpMs);
      const first = await run.clock.runUntilSettled(pending);
      const undone = 'undone' in first ? first.undone : [];
      for (const record of records) {
        if (undone.includes(`orders-${record.partition}@${record.offset}`)) continue;
        expect(effects).toContain(`${record.partition}@${record.offset}`);
      }
      for (let deliveries = 0; deliveries < 10; deliveries += 1) {
        const answer = await run.invoke(records, 60_000);
        if ('undone' in answer && answer.undone.length === 0) break;
        await run.clock.advance(Math.abs(Math.min(0, jumpMs)) + 60_000);
      }
      expect(await run.invoke(records, 60_000)).toEqual({ undone: [] });
      for (const record of records) expect(effects).toContain(`${record.partition}@${record.offset}`);
      expect(run.exits).toEqual([]);
      expect(run.clock.pending).toBe(0);
    },
  );

  it('never makes a negative duration', async () => {
    const run: HandlerBench = new HandlerBench(async () => {
      run.clock.setNowMs(run.clock.nowMs() - 60_000);
      await elapse(run.clock, 10);
    });
    await run.invoke([taking(1, 1)], remainingMs);
    const durations = run.observations.flatMap((one) => {
      if (one.type === 'recordEnded') return [one.handlerDurationMs ?? 0];
      return one.type === 'invocationEnded' ? [one.durationMs] : [];
    });
    expect(durations).toHaveLength(2);
    for (const durationMs of durations) expect(durationMs).toBeGreaterThanOrEqual(0);
  });
});
