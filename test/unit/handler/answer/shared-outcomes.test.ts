import { describe, expect, it } from 'vitest';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { HandlerBench } from '../../../support/handler-bench.ts';

describe('a record dead-lettered at an earlier delivery', () => {
  it.each(['partition', 'key', 'none'] as const)(
    "does not stand for a resend of its ID, ordered by '%s'",
    async (by) => {
      const bench = new HandlerBench(
        (record) => {
          if (record.offset === 1) throw new UnprocessableRecordError('no use');
        },
        { ordering: by, rememberedCompletions: 0 },
      );
      const bad = { offset: 1, id: 'order', key: 'a' };
      const resend = { offset: 2, id: 'order', key: 'a' };
      expect(await bench.invoke([bad])).toEqual({ undone: [] });
      expect(await bench.invoke([bad, resend])).toEqual({ undone: [] });
      expect(bench.outcomes().get('orders-0@1')).toBe('duplicate');
      expect(bench.outcomes().get('orders-0@2')).toBe('handled');
      expect(bench.handlings.map((one) => one.at)).toEqual(['orders-0@1', 'orders-0@2']);
    },
  );
});
