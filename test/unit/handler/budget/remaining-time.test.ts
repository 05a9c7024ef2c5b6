import { describe, expect, it } from 'vitest';
import type { LambdaContext } from '../../../../lib/handler/lambda-context.ts';
import { lambdaEvent } from '../../../support/handler-bench.ts';
import { PlainRun } from '../input/plain-run.ts';

const event = lambdaEvent([
  { offset: 1, id: 1 },
  { offset: 2, id: 2 },
  { partition: 1, offset: 1, id: 3 },
]);

const allUndone = {
  answered: {
    batchItemFailures: [
      { itemIdentifier: { partition: 'orders-0', offset: 1 } },
      { itemIdentifier: { partition: 'orders-0', offset: 2 } },
      { itemIdentifier: { partition: 'orders-1', offset: 1 } },
    ],
  },
};

function counted(): { readonly run: PlainRun; readonly handled: number[] } {
  const handled: number[] = [];
  const run = new PlainRun({
    handle: (record) => handled.push(record.offset),
    failureReporting: { report: ['orders'] },
  });
  return { run, handled };
}

const answering = (remaining: () => unknown): LambdaContext =>
  // A runtime, or a test of the user's, that does not keep to the type.
  JSON.parse('{}', (_name, value: object) => Object.assign(value, { getRemainingTimeInMillis: remaining }));

describe('no time left', () => {
  it.each([
    ['0 ms', () => 0],
    ['300 ms, less than the reserve', () => 300],
    ['500 ms, exactly the reserve', () => 500],
    ['less than none', () => -5_000],
    ['NaN', () => Number.NaN],
    ['an infinity', () => Number.POSITIVE_INFINITY],
    ['a text', () => '30000'],
    ['undefined', () => undefined],
    [
      'an error',
      () => {
        throw new Error('no clock');
      },
    ],
  ])('%s: nothing is attempted, nothing is claimed, everything is reported', async (_, remaining) => {
    const { run, handled } = counted();
    expect(await run.invoke(event, answering(remaining))).toEqual(allUndone);
    expect(handled).toEqual([]);
    expect(run.store.keys()).toEqual([]);
    expect(new Set(Object.values(run.outcomes()))).toEqual(new Set(['notAttempted']));
    expect(run.observations.at(-1)).toMatchObject({ type: 'invocationEnded', outcomes: { notAttempted: 3 } });
    expect(run.exits).toEqual([]);
    expect(run.clock.pending).toBe(0);
  });

  it('with nothing granted: an error that lists all', async () => {
    const run = new PlainRun({ handle: () => undefined });
    const ended = await run.invoke(event, run.context(0));
    expect(ended).toMatchObject({ threw: { undone: ['orders-0@1', 'orders-0@2', 'orders-1@1'] } });
  });
});

describe('no context', () => {
  it('works without a time budget, and says so', async () => {
    const { run, handled } = counted();
    expect(await run.invokeWithoutContext(event)).toEqual({ answered: { batchItemFailures: [] } });
    expect(handled).toHaveLength(3);
    expect(run.observations).toContainEqual({
      type: 'warning',
      message: 'called without a Lambda context: there is no time budget',
    });
    expect(run.clock.pending).toBe(0);
  });

  it.each([null, {}, 'context', { getRemainingTimeInMillis: 30_000 }])('%j counts as none', async (context) => {
    const { run, handled } = counted();
    const call: (event: unknown, context: never) => Promise<unknown> = run.handler;
    const ended = run.clock.runUntilSettled(Reflect.apply(call, undefined, [event, context]));
    expect(await ended).toEqual({ batchItemFailures: [] });
    expect(handled).toHaveLength(3);
    expect(run.observations.map((one) => one.type)).toContain('warning');
  });

  it('keeps leases of full length, renewed for as long as the handler takes', async () => {
    const leases: (number | undefined)[] = [];
    const run = new PlainRun({
      handle: async () => {
        const [key = ''] = run.store.keys();
        for (let minutes = 0; minutes < 30; minutes += 1) {
          await new Promise<void>((resolve) => run.clock.schedule(60_000, resolve));
          leases.push((run.store.peek(key)?.leaseUntilMs ?? 0) - run.clock.nowMs());
        }
      },
    });
    expect(await run.invokeWithoutContext(lambdaEvent([{ offset: 1 }]))).toEqual({
      answered: { batchItemFailures: [] },
    });
    expect(leases).toHaveLength(30);
    expect(Math.min(...leases.map(Number))).toBeGreaterThan(10_000);
  });
});

describe('a context', () => {
  it('is warned about by nobody, and asked once', async () => {
    const { run } = counted();
    let asked = 0;
    await run.invoke(event, {
      getRemainingTimeInMillis: () => {
        asked += 1;
        return 60_000;
      },
    });
    expect(asked).toBe(1);
    expect(run.observations.map((one) => one.type)).not.toContain('warning');
  });

  it('keeps its "this"', async () => {
    const { run } = counted();
    class Context {
      readonly #remainingMs = 60_000;
      getRemainingTimeInMillis(): number {
        return this.#remainingMs;
      }
    }
    expect(await run.invoke(event, new Context())).toEqual({ answered: { batchItemFailures: [] } });
  });
});
