import { describe, expect, it } from 'vitest';
import type { PartialResponseReading } from '../../../lib/local/index.ts';
import { freshTopic } from '../../support/fresh.ts';
import type { Step } from './functions/scripted.ts';
import { mapping, numbered, produce, recorded, scripted } from './support.ts';

/** One topic of one partition with six records; what the function is given when it does these steps. */
async function deliveries(
  steps: readonly Step[],
  options: {
    readonly reading?: PartialResponseReading;
    readonly retries?: number;
    readonly timeoutSeconds?: number;
  } = {},
) {
  const topic = await freshTopic();
  await produce(topic, numbered(6, 1));
  const { timeoutSeconds = 30, reading = 'named', retries = -1 } = options;
  const run = scripted(steps, { timeoutSeconds });
  const invoker = recorded(run);
  const running = await mapping({
    topic,
    function: invoker,
    partialResponseReading: reading,
    settings: { batchSize: 4, maximumRetryAttempts: retries },
  });
  await running.drained();
  const offsets = invoker.deliveries().map((list) => list.map((record) => Number(record.split('@')[1])));
  return { offsets, status: running.status(), results: invoker.results, function: run.status(), topic };
}

describe('after a failure', () => {
  it("the named records alone come again under the reading 'named', before the partition's next batch", async () => {
    const { offsets, status, topic } = await deliveries([{ failPlaces: [1, 3] }, { failPlaces: [1] }]);
    expect(offsets).toEqual([[0, 1, 2, 3], [1, 3], [3], [4, 5]]);
    expect(status).toMatchObject({ partialInvocations: 2, deliveries: 9, redeliveries: 3, failedDeliveries: 3 });
    expect(status.committedOffsets.get(`${topic}-0`)).toBe(6);
  });

  it("everything from the lowest named on comes again under the reading 'fromLowest'", async () => {
    const { offsets } = await deliveries([{ failPlaces: [3, 1] }, { failPlaces: [1] }], { reading: 'fromLowest' });
    expect(offsets).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3],
      [2, 3],
      [4, 5],
    ]);
  });

  const wholeAgain: [string, Step, string | undefined][] = [
    ['an error', 'error', 'RangeError'],
    ['an exit', 'exit', 'Runtime.ExitError'],
    ['a string offset', { answer: named('orders-0', '1') }, undefined],
    ['an identifier of no record', { answer: named('orders-0', 17) }, undefined],
    ['a text', { answer: 'ok' }, undefined],
  ];
  it.each(wholeAgain)('the whole batch comes again after %s', async (_, step, errorType) => {
    const { offsets, status, results } = await deliveries([step]);
    expect(offsets).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [4, 5],
    ]);
    expect(status).toMatchObject({ failedInvocations: 1, malformedAnswers: errorType === undefined ? 1 : 0 });
    if (errorType !== undefined) {
      expect(results[0]).toMatchObject({ kind: 'functionError', errorType });
    }
  });

  it.each<Step>(['hang', 'spin'])('a function that does not answer (%s) is killed at its time-out', async (step) => {
    const { offsets, results, function: run } = await deliveries([step], { timeoutSeconds: 1 });
    expect(offsets).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [4, 5],
    ]);
    expect(results[0]).toMatchObject({ kind: 'functionError', errorType: 'Sandbox.Timedout' });
    expect(run).toMatchObject({ timeouts: 1, coldStarts: 2 });
  });

  it('a batch whose function is killed by SIGKILL comes again', async () => {
    const topic = await freshTopic({ partitions: 3 });
    await produce(topic, numbered(30, 3));
    const killed: number[] = [];
    const run = scripted(['hang', 'ok', 'hang'], {
      onOutput: () => {
        if (run.status().invocations % 2 === 1 && killed.length < 2) {
          killed.push(run.kill());
        }
      },
    });
    const invoker = recorded(run);
    const running = await mapping({ topic, function: invoker, settings: { batchSize: 12 } });
    await running.drained();
    expect(killed).toEqual([1, 1]);
    const [first, second, third, fourth] = invoker.deliveries();
    expect(second).toEqual(first);
    expect(fourth).toEqual(third);
    expect(new Set(invoker.deliveries().flat()).size).toBe(30);
    expect(invoker.results.filter(({ kind }) => kind === 'functionError')).toHaveLength(2);
    expect(running.status()).toMatchObject({ failedInvocations: 2 });
  });

  it('nothing is lost, and no order broken, by a function that is killed again and again', async () => {
    const topic = await freshTopic({ partitions: 6 });
    await produce(topic, numbered(3000, 6));
    let starts = 0;
    let kills = 0;
    const run = scripted([], {
      onOutput: () => {
        starts += 1;
        if (starts % 10 === 0) {
          kills += run.kill();
        }
      },
    });
    const invoker = recorded(run);
    const running = await mapping({ topic, function: invoker, pollers: 3, settings: { batchSize: 20 } });
    await running.drained();
    const deliveries = invoker.deliveries();
    const answered = deliveries.filter((_, invocation) => invoker.results[invocation]?.kind === 'returned').flat();
    expect(kills).toBeGreaterThan(5);
    expect(running.status().failedInvocations).toBeGreaterThan(0);
    expect(new Set(answered).size).toBe(3000);
    for (const partition of [0, 1, 2, 3, 4, 5]) {
      const inOrder = Array.from({ length: 500 }, (_, offset) => `${partition}@${offset}`);
      expect(answered.filter((record) => record.startsWith(`${partition}@`))).toEqual(inOrder);
      expect(running.status().committedOffsets.get(`${topic}-${partition}`)).toBe(500);
    }
  });

  it('records are dropped and committed when the retries are used up', async () => {
    const { offsets, status, topic } = await deliveries(['error', { failPlaces: [2] }, 'error'], { retries: 1 });
    expect(offsets).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [4, 5],
      [4, 5],
    ]);
    expect(status.droppedRecords).toBe(1);
    expect(status.committedOffsets.get(`${topic}-0`)).toBe(6);
  });

  it('a topic-partition without failures goes on while another one is retried', async () => {
    const topic = await freshTopic({ partitions: 2 });
    await produce(topic, numbered(4, 2));
    const invoker = recorded(scripted([{ failPlaces: [0, 1] }]));
    const running = await mapping({ topic, function: invoker, settings: { batchSize: 4 } });
    await running.drained();
    expect(invoker.deliveries()).toEqual([
      ['0@0', '0@1', '1@0', '1@1'],
      ['0@0', '0@1'],
    ]);
  });

  it('an answer is not read while partial responses are off', async () => {
    const topic = await freshTopic();
    await produce(topic, numbered(2, 1));
    const invoker = recorded(scripted([{ failPlaces: [0] }]));
    const running = await mapping({ topic, function: invoker, settings: { functionResponseTypes: [] } });
    await running.drained();
    expect(invoker.deliveries()).toEqual([['0@0', '0@1']]);
  });
});

function named(partition: string, offset: unknown): unknown {
  return { batchItemFailures: [{ itemIdentifier: { partition, offset } }] };
}
