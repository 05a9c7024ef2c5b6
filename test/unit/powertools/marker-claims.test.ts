import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { IdempotencyStore } from '../../../lib/ports/idempotency-store.ts';
import { StoreError } from '../../../lib/ports/store-error.ts';
import type { KeyClaim } from '../../../lib/powertools/key-claim.ts';
import { LeaseRenewal } from '../../../lib/powertools/lease-renewal.ts';
import { MarkerClaims } from '../../../lib/powertools/marker-claims.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { pause } from '../../support/pause.ts';
import { storeWith } from '../../support/store-with.ts';

const idempotencyKey = 'charge#order';
const leaseMs = 3_000;
const request = { idempotencyKey, fingerprint: undefined, expiresAfterSeconds: 3_600, remainingMs: undefined };

function claimsOn(store: IdempotencyStore, clock: FakeClock): MarkerClaims {
  return new MarkerClaims({ store, clock, leaseMs, clockSkewMs: 2_000, randomness: new SeededRandomness(1) });
}

async function claimed(claims: MarkerClaims, clock: FakeClock): Promise<KeyClaim> {
  const answer = await clock.runUntilSettled(claims.claim(request));
  if (answer.kind !== 'claimed') throw new Error('the key is not free');
  return answer.claim;
}

describe('a claim on a key', () => {
  it('that was written although its answer was lost has the lease that was written', async () => {
    const clock = new FakeClock();
    let inserts = 0;
    const store: MemoryStore = new MemoryStore({
      faults: (operation) => {
        if (operation === 'insert') inserts += 1;
        return operation === 'insert' && inserts === 1 ? 'cutAfter' : undefined;
      },
    });
    const startedAtMs = clock.nowMs();
    const { leaseUntilMs } = await claimed(claimsOn(store, clock), clock);
    expect(clock.nowMs()).toBeGreaterThan(startedAtMs);
    expect(leaseUntilMs).toBe(startedAtMs + leaseMs);
    expect(store.peek(idempotencyKey)?.leaseUntilMs).toBe(leaseUntilMs);
  });

  it('counts its attempts, which a release keeps', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const claims = claimsOn(store, clock);
    for (const attempts of [1, 2, 3]) {
      await claims.release(await claimed(claims, clock));
      expect(store.peek(idempotencyKey)).toMatchObject({ attempts, fence: attempts, owner: undefined });
    }
  });

  it('is given up where the store answers to nothing but the end of the call', async () => {
    const clock = new FakeClock();
    const insert: IdempotencyStore['insert'] = (writes, { signal }) =>
      new Promise((resolve) => {
        const error = new StoreError('unavailable', 'no answer');
        signal.addEventListener('abort', () => resolve(writes.map(() => ({ kind: 'failed', error }))));
      });
    const claiming = claimsOn(storeWith({ insert }), clock).claim(request);
    await expect(clock.runUntilSettled(claiming)).rejects.toThrow('no answer');
    expect(clock.pending).toBe(0);
  });
});

describe('the renewal of a lease', () => {
  it('that is on its way when the claim ends is the last, and tells of no loss', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) => (operation === 'renew' ? pause(clock, 400) : undefined),
      faults: (operation) => (operation === 'renew' ? 'throttle' : undefined),
    });
    const claims = claimsOn(store, clock);
    const renewal = new LeaseRenewal(await claimed(claims, clock), claims, clock, leaseMs);
    await clock.advance(1_100);
    renewal.stop();
    await clock.advance(60_000);
    expect(store.count('renew').calls).toBe(1);
    expect(clock.pending).toBe(0);
    expect(renewal.lost.aborted).toBe(false);
  });

  it('that is refused after the claim was given back tells of no loss', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ delay: (operation) => (operation === 'renew' ? pause(clock, 400) : undefined) });
    const claims = claimsOn(store, clock);
    const claim = await claimed(claims, clock);
    const renewal = new LeaseRenewal(claim, claims, clock, leaseMs);
    await clock.advance(1_100);
    renewal.stop();
    await claims.release(claim);
    await clock.advance(60_000);
    expect(renewal.lost.aborted).toBe(false);
  });
});
