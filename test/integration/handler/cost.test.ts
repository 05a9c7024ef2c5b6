import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { freshTable } from '../../support/fresh.ts';
import { lambdaEvent } from '../../support/handler-bench.ts';
import { type LossyProxy, lossyProxy } from '../../support/lossy-proxy.ts';

const records = 500;
const functionFile = fileURLToPath(new URL('cost-function.ts', import.meta.url));

function event(partitions: number, firstOffset: number): object {
  return lambdaEvent(
    Array.from({ length: records }, (_, index) => ({
      partition: index % partitions,
      offset: firstOffset + index,
      rawValue: Buffer.from(JSON.stringify({ orderId: `order-${index}`, amount: index })).toString('base64'),
    })),
  );
}

/** Runs the function once, in a fresh process; returns its answer and the requests that crossed the socket. */
async function invoke(
  proxy: LossyProxy,
  table: string,
  payload: object,
): Promise<{ answer: unknown; requests: number }> {
  const before = proxy.seen.length;
  const child = spawn(process.execPath, [functionFile], {
    env: {
      ...process.env,
      ...inject('partsEnv'),
      AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
      AWS_LAMBDA_FUNCTION_NAME: 'cost',
      KAFKA_ONCE_TABLE: table,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(payload));
  const [output] = await Promise.all([readAll(child.stdout), once(child, 'exit')]);
  const answer: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  return { answer, requests: proxy.seen.length - before };
}

describe.each([1, 12])('500 records in %i partitions, default options, a fresh process', (partitions) => {
  it('cost at most 50 requests when new and at most 40 when duplicates', async () => {
    await using proxy = await lossyProxy(inject('dynamodbEndpoint'));
    const table = await freshTable();
    const fresh = await invoke(proxy, table, event(partitions, 0));
    expect(fresh.answer).toEqual({ batchItemFailures: [] });
    expect(fresh.requests).toBeLessThanOrEqual(50);
    const producedAgain = await invoke(proxy, table, event(partitions, 10_000));
    expect(producedAgain.answer).toEqual({ batchItemFailures: [] });
    expect(producedAgain.requests).toBeLessThanOrEqual(40);
    process.stderr.write(
      `requests for ${records} records in ${partitions} partitions: ${fresh.requests} new, ${producedAgain.requests} duplicates\n`,
    );
  });
});
