import { describe, expect, it } from 'vitest';
import type { FailureReporting } from '../../../../lib/core/answer/failure-reporting.ts';
import { UndoneRecordsError } from '../../../../lib/core/errors/errors.ts';
import { type BenchRecord, lambdaEvent } from '../../../support/handler-bench.ts';
import { type Ended, PlainRun } from '../input/plain-run.ts';

const orders = { topic: 'orders', partition: 1, offset: 10 };
const customers = { topic: 'customers', partition: 0, offset: 20 };

async function failing(failureReporting: FailureReporting, records: readonly BenchRecord[]): Promise<Ended> {
  const run = new PlainRun({
    failureReporting,
    handle: (record) => {
      if (record.offset % 10 === 0) throw new Error('not now');
    },
  });
  return await run.invoke(lambdaEvent(records));
}

const failure = (partition: string, offset: number) => ({ itemIdentifier: { partition, offset } });

describe('under report', () => {
  it('a batch of granted topics is answered with its failures', async () => {
    expect(await failing({ report: ['orders', 'customers'] }, [orders, customers])).toEqual({
      answered: { batchItemFailures: [failure('orders-1', 10), failure('customers-0', 20)] },
    });
  });

  it('a batch with a topic that is not granted throws, with the failures of both', async () => {
    expect(await failing({ report: ['orders'] }, [orders, customers])).toEqual({
      threw: expect.objectContaining({ name: 'UndoneRecordsError', undone: ['orders-1@10', 'customers-0@20'] }),
    });
  });

  it('such a batch throws also when only records of the granted topic failed', async () => {
    expect(await failing({ report: ['orders'] }, [orders, { ...customers, offset: 21 }])).toEqual({
      threw: expect.objectContaining({ undone: ['orders-1@10'] }),
    });
  });

  it('such a batch is answered when all is done', async () => {
    expect(
      await failing({ report: ['orders'] }, [
        { ...orders, offset: 11 },
        { ...customers, offset: 21 },
      ]),
    ).toEqual({
      answered: { batchItemFailures: [] },
    });
  });
});

describe('under throw', () => {
  it('a batch with failures throws one error that lists them all, in the order of the event', async () => {
    const records = Array.from({ length: 100 }, (_, index) => ({ partition: index % 4, offset: index * 10 }));
    const ended = await failing('throw', records);
    expect('threw' in ended && ended.threw).toBeInstanceOf(UndoneRecordsError);
    const inOrder = [0, 1, 2, 3].flatMap((partition) =>
      records.filter((record) => record.partition === partition).map(({ offset }) => `orders-${partition}@${offset}`),
    );
    expect(ended).toMatchObject({ threw: { undone: inOrder } });
    expect('threw' in ended && String(ended.threw)).toMatch(/^UndoneRecordsError: 100 of 100 .* and 80 more$/);
  });

  it('a batch that is done is answered', async () => {
    expect(await failing('throw', [{ offset: 1 }])).toEqual({ answered: { batchItemFailures: [] } });
  });
});
