import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import { DeadLetterBox } from '../../contract/sqs-dead-letters.box.ts';
import { lambdaEvent } from '../../support/handler-bench.ts';

const box = new DeadLetterBox();
afterEach(() => vi.unstubAllEnvs());
afterAll(() => box.close());

it('a handler puts letters where the environment says: the small ones into the queue, a large one into the bucket', async () => {
  const { queueUrl, bucket } = await box.make();
  vi.stubEnv('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL', queueUrl);
  vi.stubEnv('KAFKA_ONCE_DEAD_LETTER_BUCKET', bucket);
  const handler = kafkaHandler({
    namespace: 'environment',
    store: new MemoryStore(),
    observer: { observe: () => undefined, log: () => undefined },
    handle: () => {
      throw new UnprocessableRecordError('no use');
    },
  });
  const batch = [
    { offset: 0, payload: 'small' },
    { offset: 1, payload: 'x'.repeat(300_000) },
  ];
  expect(await handler(lambdaEvent(batch), { getRemainingTimeInMillis: () => 60_000 })).toEqual({
    batchItemFailures: [],
  });
  expect(await box.objectKeys(bucket)).toHaveLength(1);
  const letters = await box.letters(queueUrl);
  expect(letters.map(({ offset, reason }) => [offset, reason]).sort()).toEqual([
    [0, 'unprocessable'],
    [1, 'unprocessable'],
  ]);
});
