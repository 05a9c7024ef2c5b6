import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, inject, it, vi } from 'vitest';
import { type HeldParts, holdParts, isRunning, outsideAddresses } from './held-parts.ts';

const nothingIsLeft = (held: HeldParts): Promise<void> =>
  vi.waitFor(
    () => {
      expect(held.processIds.filter(isRunning)).toEqual([]);
      expect(existsSync(held.dataFolder)).toBe(false);
    },
    { timeout: 20_000, interval: 20 },
  );

describe('parts that a process started', () => {
  it('are gone, data included, after the process was killed', async () => {
    const held = await holdParts('kafka', 'dynamodb', 'sqs', 's3');
    expect(held.processIds).toHaveLength(4);
    expect(held.processIds.every(isRunning)).toBe(true);
    expect(existsSync(held.dataFolder)).toBe(true);

    held.child.kill('SIGKILL');

    await once(held.child, 'exit');
    await nothingIsLeft(held);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('are gone, data included, after %s', async (signal) => {
    const held = await holdParts('s3');
    held.child.kill(signal);
    await once(held.child, 'exit');
    await nothingIsLeft(held);
  });

  it('are gone, data included, when the process ends without stopping them', async () => {
    const held = await holdParts('s3');
    held.child.stdin?.write('exit\n');
    await once(held.child, 'exit');
    await nothingIsLeft(held);
  });

  it('are gone, data included, once stop() has resolved', async () => {
    const held = await holdParts('s3');
    held.child.stdin?.write('stop\n');
    await once(held.child, 'exit');
    expect(held.processIds.filter(isRunning)).toEqual([]);
    expect(existsSync(held.dataFolder)).toBe(false);
  });

  it('listen on the loopback interface only', async () => {
    const endpoints = [
      ...inject('kafkaBrokers'),
      inject('dynamodbEndpoint'),
      inject('sqsEndpoint'),
      inject('s3Endpoint'),
    ];
    for (const host of outsideAddresses()) {
      for (const endpoint of endpoints) {
        const port = Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
        const connected = once(connect({ host, port }), 'connect');
        await expect(connected, `${host}:${port}`).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      }
    }
  });
});
