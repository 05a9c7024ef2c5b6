import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { lambdaEvent } from '../../support/handler-bench.ts';
import { lossyProxy } from '../../support/lossy-proxy.ts';

const records = 500;
const functionFile = fileURLToPath(new URL('many-cost-function.ts', import.meta.url));
const event = lambdaEvent(
  Array.from({ length: records }, (_, offset) => ({
    offset,
    rawValue: Buffer.from(JSON.stringify({ orderId: `order-${offset}` })).toString('base64'),
  })),
);
const client = dynamodbClient();
afterAll(() => client.destroy());

describe.each([
  ['transaction', 15],
  ['position', 12],
] as const)('500 records through handleMany with one effect each, mode %s, a fresh process', (mode, most) => {
  it(`cost at most ${most} requests`, async () => {
    const endpoint = inject('dynamodbEndpoint');
    await using proxy = await lossyProxy(endpoint);
    const [markers, effects] = await Promise.all([freshTable(), freshTable()]);
    const child = spawn(process.execPath, [functionFile, mode], {
      env: {
        ...process.env,
        ...inject('partsEnv'),
        AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
        AWS_LAMBDA_FUNCTION_NAME: 'many-cost',
        KAFKA_ONCE_TABLE: markers,
        EFFECTS_TABLE: effects,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify(event));
    const [output] = await Promise.all([readAll(child.stdout), once(child, 'exit')]);
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({ batchItemFailures: [] });
    const { Count } = await client.send(new ScanCommand({ TableName: effects, Select: 'COUNT', ConsistentRead: true }));
    expect(Count).toBe(records);
    expect(proxy.seen.length).toBeLessThanOrEqual(most);
    process.stderr.write(`requests for ${records} records through handleMany, ${mode}: ${proxy.seen.length}\n`);
  });
});
