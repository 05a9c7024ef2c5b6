import { expect, it } from 'vitest';
import { UndoneRecordsError, UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { at, type BenchRecord, HandlerBench, lambdaEvent } from '../../support/handler-bench.ts';

it('a report is given only to batches whose every topic has it', async () => {
  const bench = new HandlerBench(
    () => {
      throw new Error('always');
    },
    { failureReporting: { report: ['orders'] } },
  );
  const granted = lambdaEvent([{ offset: 0, id: 1 }]);
  const mixed = lambdaEvent([
    { offset: 0, id: 1 },
    { topic: 'payments', offset: 0, id: 2 },
  ]);
  await expect(bench.clock.runUntilSettled(bench.handler(granted))).resolves.toMatchObject({
    batchItemFailures: [{ itemIdentifier: { partition: 'orders-0', offset: 0 } }],
  });
  await expect(bench.clock.runUntilSettled(bench.handler(mixed))).rejects.toBeInstanceOf(UndoneRecordsError);
});

it('a dead letter that was not stored leaves its record undone', async () => {
  const bench = new HandlerBench(() => {
    throw new UnprocessableRecordError('never');
  });
  bench.deadLetters.fault = 'refuse';
  expect(await bench.invoke([{ offset: 0, id: 1 }])).toEqual({ undone: ['orders-0@0'] });
  bench.deadLetters.fault = undefined;
  expect(await bench.invoke([{ offset: 0, id: 1 }])).toEqual({ undone: [] });
  expect(bench.deadLetters.letters).toHaveLength(1);
});

it('every undone record is named, and nothing of a unit starts behind one', async () => {
  const batch: BenchRecord[] = [0, 1, 2, 3, 4, 5].map((offset) => ({ partition: offset % 2, offset, id: offset }));
  const bench = new HandlerBench(
    ({ offset }) => {
      if (offset === 2) throw new Error('once');
    },
    { failureReporting: { report: ['orders'] } },
  );
  expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@2', 'orders-0@4'] });
  expect(bench.handlings.map((handling) => handling.at).sort()).toEqual(
    [0, 1, 2, 3, 5].map((offset) => at({ topic: 'orders', partition: offset % 2, offset })).sort(),
  );
});
