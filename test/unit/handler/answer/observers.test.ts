import { describe, expect, it } from 'vitest';
import type { Observer } from '../../../../lib/ports/observer.ts';
import { lambdaEvent } from '../../../support/handler-bench.ts';
import { PlainRun } from '../input/plain-run.ts';

const boom = (): never => {
  throw new Error('the observer is broken');
};

const broken: readonly (readonly [what: string, observer: Observer])[] = [
  ['throws in every method', { observe: boom, log: boom }],
  ['throws no error', { observe: () => Promise.reject(), log: () => Promise.reject() }],
  ['rejects in every method', { observe: async () => boom(), log: async () => boom() }],
  ['changes what it is told', { observe: (observation) => void Object.assign(observation, { type: 'x' }), log: boom }],
];

describe.each(broken)('an observer that %s', (_, observer) => {
  it('changes no outcome and no answer, and ends no process', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const run = new PlainRun({
        observer,
        failureReporting: { report: ['orders'] },
        handle: (record, { logger }) => {
          logger.debug('one');
          logger.info('two', { of: 'four' });
          logger.warn('three');
          logger.error('four');
          if (record.offset === 2) throw new Error('not now');
        },
      });
      const event = lambdaEvent([{ offset: 1 }, { offset: 2 }, { offset: 3 }]);
      expect(await run.invoke(event)).toEqual({
        answered: {
          batchItemFailures: [2, 3].map((offset) => ({ itemIdentifier: { partition: 'orders-0', offset } })),
        },
      });
      await run.clock.settle();
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});

describe('an observer', () => {
  it("is called as a method, with the handler's lines beside the coordinates", async () => {
    class Collector implements Observer {
      readonly lines: unknown[] = [];
      readonly types: string[] = [];
      observe(observation: { readonly type: string }): void {
        this.types.push(observation.type);
      }
      log(level: string, message: string, fields: object): void {
        this.lines.push([level, message, fields]);
      }
    }
    const observer = new Collector();
    const run = new PlainRun({ observer, handle: (_record, { logger }) => logger.info('charged', { offset: 'mine' }) });
    await run.invoke(lambdaEvent([{ offset: 4 }]));
    expect(observer.lines).toEqual([['info', 'charged', { topicPartition: 'orders-0', offset: 4 }]]);
    expect(observer.types).toEqual(['invocationStarted', 'recordEnded', 'invocationEnded']);
  });
});
