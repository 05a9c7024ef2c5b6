import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bundleHandler } from '../../../infra/consumer/bundling.ts';
import { childProcessFunction } from '../../../lib/local/esm/child-process-function.ts';
import { layOutRuntimeSdk } from '../../../lib/local/esm/runtime-sdk.ts';
import { DeadLetterBox } from '../../contract/sqs-dead-letters.box.ts';
import { freshTable } from '../../support/fresh.ts';
import { lambdaEvent } from '../../support/handler-bench.ts';

const box = new DeadLetterBox();
afterAll(() => box.close());

/** What `KafkaConsumer` deploys for `handlers/charge-orders.ts`, which has no client of S3, in an environment of its own. */
describe('a letter that is too large for the queue, of a handler as it is deployed', () => {
  let folder: string;
  const entry = (): string => join(folder, 'task', 'index.mjs');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-once-deployed-'));
    const needs = ['@aws-sdk/client-sqs', '@aws-sdk/client-s3'];
    bundleHandler({ entry: 'handlers/charge-orders.ts', handler: 'handler', needs }, join(folder, 'task'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Delivers a record that nobody can read, and what its value is made longer by. */
  async function delivered(payload: string) {
    const { queueUrl, bucket } = await box.make();
    const output: string[] = [];
    const deployed = childProcessFunction({
      entry: entry(),
      timeoutSeconds: 60,
      environment: {
        ...inject('partsEnv'),
        PAYMENT_GATEWAY_URL: 'http://127.0.0.1:1',
        KAFKA_ONCE_MODE: 'claim',
        KAFKA_ONCE_NAMESPACE: 'deployed',
        KAFKA_ONCE_TABLE: await freshTable(),
        KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: queueUrl,
        KAFKA_ONCE_DEAD_LETTER_BUCKET: bucket,
      },
      onOutput: (_, chunk) => output.push(Buffer.from(chunk).toString()),
    });
    const result = await deployed.invoke(JSON.stringify(lambdaEvent([{ offset: 7, payload }])));
    await deployed.close();
    const letters = await box.letters(queueUrl);
    return { result, output: output.join(''), letters, objects: await box.objectKeys(bucket) };
  }

  it('waits where no client of S3 is found, and a small one does not', async () => {
    const large = await delivered('x'.repeat(300_000));
    expect(large.result).toMatchObject({ kind: 'functionError' });
    expect(large.output).toContain('the package @aws-sdk/client-s3 could not be loaded');
    expect(large.letters).toEqual([]);
    const small = await delivered('x');
    expect(small.result).toMatchObject({ kind: 'returned' });
    expect(small.letters).toMatchObject([{ offset: 7 }]);
  });

  it('is stored by the client of the runtime', async () => {
    await layOutRuntimeSdk(folder);
    const { result, letters, objects } = await delivered('x'.repeat(300_000));
    expect(result).toMatchObject({ kind: 'returned' });
    expect(letters).toMatchObject([{ offset: 7 }]);
    expect(objects).toHaveLength(1);
  });
});
