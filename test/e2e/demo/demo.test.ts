import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

const main = join(import.meta.dirname, '../../../local/demo/main.ts');

interface Run {
  readonly exitCode: number | string | null | undefined;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Runs the demo, small, on the servers of the tests. */
async function demo(...flags: string[]): Promise<Run> {
  const args = [main, '--records', '1500', '--json', ...flags];
  const env = { ...process.env, ...inject('partsEnv') };
  const { promise, resolve } = Promise.withResolvers<Run>();
  execFile(process.execPath, args, { env }, (error, stdout) => {
    const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
    resolve({ exitCode: error === null ? 0 : error.code, result: JSON.parse(lastLine) });
  });
  return await promise;
}

describe('the demo', () => {
  it('loses nothing, charges no order twice outside the window and keeps a ledger to the cent', {
    timeout: 300_000,
  }, async () => {
    const { exitCode, result } = await demo();
    expect(result).toMatchObject({ broken: [], lost: 0, doubled: 0, repeatedOutsideWindow: 0, effectsAtRedelivery: 0 });
    expect(result).toMatchObject({
      mode: 'claim, transaction',
      records: 1500,
      kills: 5,
      duplicates: 150,
      orders: result.handled,
    });
    expect(result.repeatedInWindow).toBeLessThanOrEqual(
      Number(result.windowBound) + Number(result.unconfirmedAtAnswers),
    );
    expect(result.dynamodbRequests).toBeGreaterThan(0);
    expect(result).toMatchObject({ ledgerRecords: 400, ledgerKills: 5, ledgerMismatch: 0, ledgerLetterMismatch: 0 });
    expect(result.ledgerDeadLettered).toBeGreaterThan(0);
    expect(result.ledgerDeliveries).toBeGreaterThan(800);
    expect(exitCode).toBe(0);
  });

  it('fails without idempotency', { timeout: 300_000 }, async () => {
    const { exitCode, result } = await demo('--without-idempotency');
    expect(result).toMatchObject({ mode: 'without idempotency', lost: 0, kills: 5, dynamodbRequests: 0 });
    expect(result).not.toHaveProperty('ledgerMismatch');
    expect(result.doubled).toBeGreaterThan(0);
    expect(result.repeatedInWindow).toBeGreaterThan(0);
    expect(exitCode).toBe(1);
  });
});
