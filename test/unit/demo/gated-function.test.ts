import { describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../lib/local/index.ts';
import { GatedFunction } from '../../../local/demo/gated-function.ts';

const returned: InvocationResult = { kind: 'returned', payload: 'null' };
const failed: InvocationResult = { kind: 'functionError', errorType: 'E', errorMessage: 'm' };

function bench(onReturned: (event: string, answer: string) => Promise<void> = async () => {}): {
  readonly gate: GatedFunction;
  readonly calls: PromiseWithResolvers<InvocationResult>[];
} {
  const calls: PromiseWithResolvers<InvocationResult>[] = [];
  const gate = new GatedFunction(
    {
      timeoutSeconds: 7,
      invoke: () => {
        const call = Promise.withResolvers<InvocationResult>();
        calls.push(call);
        return call.promise;
      },
    },
    onReturned,
  );
  return { gate, calls };
}

describe('GatedFunction', () => {
  it('passes invocations on and counts those that run and those that fail', async () => {
    const { gate, calls } = bench();
    const both = [gate.invoke('1'), gate.invoke('2')];
    expect(gate.running).toBe(2);
    calls[0]?.resolve(returned);
    calls[1]?.resolve(failed);
    expect(await Promise.all(both)).toEqual([returned, failed]);
    expect(gate).toMatchObject({ timeoutSeconds: 7, running: 0, errors: 1 });
  });

  it('lets nothing in while it is shut, and what runs come to its end', async () => {
    const { gate, calls } = bench();
    const running = gate.invoke('1');
    gate.shut();
    const waiting = gate.invoke('2');
    calls[0]?.resolve(returned);
    await running;
    await gate.idle();
    expect(calls).toHaveLength(1);
    gate.open();
    await Promise.resolve();
    await Promise.resolve();
    expect(calls).toHaveLength(2);
    calls[1]?.resolve(returned);
    expect(await waiting).toBe(returned);
  });

  it('holds an answer back until it has been looked at, and counts the invocation as running until then', async () => {
    const seen: string[] = [];
    const looked = Promise.withResolvers<void>();
    const { gate, calls } = bench(async (event, answer) => {
      seen.push(event, answer);
      await looked.promise;
    });
    const invocation = gate.invoke('the event');
    calls[0]?.resolve(returned);
    await expect.poll(() => seen).toEqual(['the event', 'null']);
    expect(gate.running).toBe(1);
    looked.resolve();
    expect(await invocation).toBe(returned);
    expect(gate.running).toBe(0);
  });

  it('tells those that wait when it ends', async () => {
    const { gate } = bench();
    gate.shut();
    const waiting = gate.invoke('1');
    gate.end();
    expect((await waiting).kind).toBe('notInvoked');
    expect((await gate.invoke('2')).kind).toBe('notInvoked');
  });
});
