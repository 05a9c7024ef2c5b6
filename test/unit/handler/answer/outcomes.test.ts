import { describe, expect, it } from 'vitest';
import { json } from '../../../../lib/core/decode/json.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { Outcome } from '../../../../lib/core/outcome.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { type BenchOptions, type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';

interface Scene {
  /** What the handler does with the record at partition 0, offset 1. */
  readonly handle?: (clock: FakeClock) => unknown;
  readonly options?: BenchOptions;
  readonly record?: Partial<BenchRecord>;
  /** Something that happened before. */
  readonly before?: (bench: HandlerBench, records: readonly BenchRecord[]) => Promise<void>;
  readonly remainingMs?: number;
  readonly outcome: Outcome;
  /** What becomes of the record behind it in its partition. */
  readonly behind: Outcome;
}

const fail = (): never => {
  throw new Error('not now');
};

const scenes: Readonly<Record<string, Scene>> = {
  handled: { outcome: 'handled', behind: 'handled' },
  'a duplicate': {
    before: async (bench, records) => {
      await bench.invoke(records.slice(0, 1));
    },
    outcome: 'duplicate',
    behind: 'handled',
  },
  'a duplicate of a record elsewhere': {
    before: async (bench) => {
      await bench.invoke([{ topic: 'orders', partition: 7, offset: 70, id: 'own' }]);
    },
    outcome: 'duplicate',
    behind: 'handled',
  },
  'dead-lettered as unprocessable': {
    handle: () => {
      throw new UnprocessableRecordError('no use');
    },
    outcome: 'deadLettered',
    behind: 'handled',
  },
  'dead-lettered as undecodable': {
    options: { value: json() },
    record: { rawValue: '%' },
    outcome: 'deadLettered',
    behind: 'handled',
  },
  'dead-lettered after its last attempt': {
    handle: fail,
    options: { maxAttempts: 1 },
    outcome: 'deadLettered',
    behind: 'handled',
  },
  'dead-lettered before': {
    handle: () => {
      throw new UnprocessableRecordError('no use');
    },
    before: async (bench, records) => {
      await bench.invoke(records.slice(0, 1));
    },
    outcome: 'duplicate',
    behind: 'handled',
  },
  failed: { handle: fail, outcome: 'failed', behind: 'heldBack' },
  'failed because its dead letter is not stored': {
    handle: () => {
      throw new UnprocessableRecordError('no use');
    },
    before: async (bench) => {
      bench.deadLetters.fault = 'refuse';
    },
    outcome: 'failed',
    behind: 'heldBack',
  },
  busy: {
    before: async (bench) => {
      const other = new HandlerBench(
        () => new Promise<never>(() => undefined),
        {},
        { clock: bench.clock, store: bench.store, seed: 2 },
      );
      void other.start(lambdaEvent([{ partition: 8, offset: 80, id: 'own' }]), 900_000);
      await bench.clock.settle();
    },
    remainingMs: 5_000,
    outcome: 'busy',
    behind: 'heldBack',
  },
  'not attempted': {
    handle: (clock) => new Promise<void>((resolve) => clock.schedule(100, resolve)),
    remainingMs: 400,
    outcome: 'notAttempted',
    behind: 'notAttempted',
  },
};

const undoneOutcomes: ReadonlySet<Outcome> = new Set(['failed', 'busy', 'heldBack', 'notAttempted']);

async function play(scene: Scene, reports: boolean) {
  const bench: HandlerBench = new HandlerBench(
    (record) => (record.partition === 0 && record.offset === 1 ? scene.handle?.(bench.clock) : undefined),
    { failureReporting: reports ? { report: ['orders'] } : 'throw', ...scene.options },
  );
  const records: readonly BenchRecord[] = [
    { offset: 1, id: 'own', ...scene.record },
    { offset: 2, id: 'behind' },
  ];
  await scene.before?.(bench, records);
  bench.observations.length = 0;
  const deadlineMs = bench.clock.nowMs() + (scene.remainingMs ?? 60_000);
  const context = { getRemainingTimeInMillis: () => deadlineMs - bench.clock.nowMs() };
  const answer = bench.clock.runUntilSettled(
    bench.handler(lambdaEvent(records), context).then(
      (answered) => ({ answered }),
      (threw: unknown) => ({ threw }),
    ),
  );
  return { bench, answer: await answer };
}

describe.each(Object.entries(scenes))('a record that is %s', (_, scene) => {
  const undone = [
    { offset: 1, outcome: scene.outcome },
    { offset: 2, outcome: scene.behind },
  ]
    .filter(({ outcome }) => undoneOutcomes.has(outcome))
    .map(({ offset }) => offset);

  it("is reported under 'report' exactly if it is not done", async () => {
    const { bench, answer } = await play(scene, true);
    expect(Object.fromEntries(bench.outcomes())).toEqual({ 'orders-0@1': scene.outcome, 'orders-0@2': scene.behind });
    expect(answer).toEqual({
      answered: {
        batchItemFailures: undone.map((offset) => ({ itemIdentifier: { partition: 'orders-0', offset } })),
      },
    });
  });

  it("is in the error under 'throw' exactly if it is not done", async () => {
    const { answer } = await play(scene, false);
    if (undone.length === 0) expect(answer).toEqual({ answered: { batchItemFailures: [] } });
    else expect(answer).toMatchObject({ threw: { undone: undone.map((offset) => `orders-0@${offset}`) } });
  });

  it('is counted in the summary', async () => {
    const { bench } = await play(scene, false);
    const counts: Partial<Record<Outcome, number>> = {};
    for (const outcome of [scene.outcome, scene.behind]) counts[outcome] = (counts[outcome] ?? 0) + 1;
    const ended = bench.observations.find((one) => one.type === 'invocationEnded');
    expect(ended).toMatchObject({ outcomes: counts });
    expect(Object.values(ended?.type === 'invocationEnded' ? ended.outcomes : {}).reduce((a, b) => a + b, 0)).toBe(2);
    expect(ended).toMatchObject({
      oldestUndoneTimestampMs: undone.length === 0 ? undefined : 1_700_000_000_000,
    });
  });
});

describe('reasons of dead letters', () => {
  it.each([
    ['undecodable', { rawValue: '%' }, {}],
    ['schemaViolation', {}, { schema: true }],
    ['businessIdRejected', { id: '' }, { onMissingBusinessId: 'reject' }],
    ['unprocessable', {}, { thrown: new UnprocessableRecordError('no use') }],
    ['attemptsExhausted', {}, { thrown: new Error('no'), maxAttempts: 1 }],
  ] as const)('%s', async (reason, record, { thrown, schema, ...options }: SceneOptions) => {
    const refusing = { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) } as const;
    const bench = new HandlerBench(
      () => {
        if (thrown !== undefined) throw thrown;
      },
      { ...options, value: schema ? json({ '~standard': refusing }) : json() },
    );
    expect(await bench.invoke([{ offset: 1, id: 1, ...record }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual([reason]);
    expect(bench.observations).toContainEqual({
      type: 'deadLettered',
      coordinates: { topic: 'orders', partition: 0, offset: 1 },
      reason,
      errorName: expect.stringMatching(/Error$/),
      detail: expect.stringMatching(/^at /),
    });
  });

  it('fingerprintMismatch', async () => {
    const bench = new HandlerBench(() => undefined);
    await bench.invoke([{ offset: 1, id: 1, payload: 'a' }]);
    expect(await bench.invoke([{ offset: 2, id: 1, payload: 'b' }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['fingerprintMismatch']);
  });
});

interface SceneOptions {
  readonly thrown?: unknown;
  readonly schema?: boolean;
  readonly onMissingBusinessId?: 'reject';
  readonly maxAttempts?: number;
}
