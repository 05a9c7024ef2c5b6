import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
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
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('are gone, data included, after %s', async (signal) => {
    const held = await holdParts();
    expect(held.processIds).toHaveLength(4);
    expect(held.processIds.every(isRunning)).toBe(true);
    expect(existsSync(held.dataFolder)).toBe(true);

    held.child.kill(signal);

    await once(held.child, 'exit');
    await nothingIsLeft(held);
  });

  it('are gone, data included, when the process ends without stopping them', async () => {
    const held = await holdParts();
    held.child.stdin?.write('exit\n');
    await once(held.child, 'exit');
    await nothingIsLeft(held);
  });

  it('are gone, data included, once stop() has resolved', async () => {
    const held = await holdParts();
    held.child.stdin?.write('stop\n');
    await once(held.child, 'exit');
    expect(held.processIds.filter(isRunning)).toEqual([]);
    expect(existsSync(held.dataFolder)).toBe(false);
  });

  it('listen on the loopback interface only', async () => {
    const held = await holdParts();
    for (const address of outsideAddresses()) {
      for (const endpoint of held.endpoints) {
        const port = Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
        const socket = connect({ host: address, port });
        await expect(once(socket, 'connect'), `${address}:${port}`).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      }
    }
    held.child.stdin?.write('stop\n');
    await once(held.child, 'exit');
  });
});
