import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, inject, it } from 'vitest';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { lambdaEvent } from '../../support/handler-bench.ts';
import { lossyProxy } from '../../support/lossy-proxy.ts';

const records = 500;
const functionFile = fileURLToPath(new URL('effects-cost-function.ts', import.meta.url));
const event = lambdaEvent(
  Array.from({ length: records }, (_, offset) => ({
    offset,
    rawValue: Buffer.from(JSON.stringify({ orderId: `order-${offset}` })).toString('base64'),
  })),
);

const client = dynamodbClient();
afterAll(() => client.destroy());

it.each([
  ['transaction', 'handle', 15],
  ['position', 'handle', 12],
  ['transaction', 'handleMany', 15],
  ['position', 'handleMany', 12],
] as const)(
  '500 records with one effect each, mode %s, %s, a fresh process: at most %i requests',
  async (mode, way, most) => {
    const endpoint = inject('dynamodbEndpoint');
    await using proxy = await lossyProxy(endpoint);
    const [markers, effects] = await Promise.all([freshTable(), freshTable()]);
    const child = spawn(process.execPath, [functionFile, mode, way], {
      env: {
        ...process.env,
        ...inject('partsEnv'),
        AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
        AWS_LAMBDA_FUNCTION_NAME: 'effects-cost',
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
    process.stderr.write(
      `requests for ${records} records with one effect each, ${mode}, ${way}: ${proxy.seen.length}\n`,
    );
  },
);
