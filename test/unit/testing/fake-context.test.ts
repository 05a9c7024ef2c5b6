import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { FakeClock, fakeContext } from '../../../lib/testing/index.ts';

describe('fakeContext', () => {
  it('is a context of Lambda by its type', () => {
    const context: Context = fakeContext({ functionName: 'charge' });
    expect(context.invokedFunctionArn).toMatch(/:function:charge$/);
    expect(context.getRemainingTimeInMillis()).toBe(30_000);
    context.succeed('ignored');
    context.fail('ignored');
    context.done();
  });

  it('lets its time pass by the given clock, down to 0', async () => {
    const clock = new FakeClock();
    const context = fakeContext({ remainingMs: 1_000, clock });
    await clock.advance(400);
    expect(context.getRemainingTimeInMillis()).toBe(600);
    await clock.advance(700);
    expect(context.getRemainingTimeInMillis()).toBe(0);
  });

  it('has a request ID of its own', () => {
    expect(fakeContext().awsRequestId).not.toBe(fakeContext().awsRequestId);
    expect(fakeContext({ awsRequestId: 'mine' }).awsRequestId).toBe('mine');
  });
});
