import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { addOne, markBench, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { abandonedClaim, liveClaim } from '../claims/claims-of-others.ts';

const record = { offset: 0, id: 'x' };
/** A store that takes no claims. */
class ClaimlessStore extends MemoryStore {
  override insert(...[claims]: Parameters<MemoryStore['insert']>): ReturnType<MemoryStore['insert']> {
    const error = new StoreError('configuration', 'not allowed');
    return Promise.resolve(claims.map(() => ({ kind: 'failed', error })));
  }
}

const bad = (): never => {
  throw new UnprocessableRecordError('no use');
};

describe.each([
  ['transaction', transactionBench, keyOf(record)],
  ['position', positionBench, coordinatesKeyOf(record)],
  ['mark', markBench, keyOf(record)],
] as const)('a record that failed in mode %s', (_mode, newBench, key) => {
  it('holds back what is behind it when it cannot be claimed', async () => {
    const store = new ClaimlessStore();
    const bench = newBench(
      (given: { readonly offset: number }) => {
        if (given.offset === 0) throw new Error('not now');
      },
      {},
      { store },
    );
    expect(await bench.invoke([record, { offset: 1, id: 'y' }])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
  });

  it('waits for another invocation for which it failed too', async () => {
    const bench = newBench(() => {
      bench.store.poke(key, liveClaim(bench.clock, 5_000));
      return bad();
    });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable' }]);
  });

  it('takes the place of whoever died at it', async () => {
    const bench = newBench(() => {
      bench.store.poke(key, abandonedClaim(bench.clock));
      return bad();
    });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('is busy, and no letter, while another invocation has it to the end', async () => {
    const bench = newBench(() => {
      bench.store.poke(key, liveClaim(bench.clock, 500_000));
      return bad();
    });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'busy' });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  it('is a duplicate, and no letter, when it was completed meanwhile', async () => {
    const bench = newBench(() => {
      const expiresAtSeconds = bench.clock.nowMs() / 1000 + 1_000;
      bench.store.poke(key, markerWith({ status: 'COMPLETED', expiresAtSeconds }));
      return bad();
    });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(bench.deadLetters.letters).toEqual([]);
  });
});

describe.each([
  ['transaction', transactionBench],
  ['mark', markBench],
] as const)('a record that failed in mode %s while another payload took effect under its ID', (_mode, newBench) => {
  it('is put aside for that', async () => {
    const bench = newBench(() => {
      const expiresAtSeconds = bench.clock.nowMs() / 1000 + 1_000;
      bench.store.poke(keyOf(record), markerWith({ status: 'COMPLETED', expiresAtSeconds, fingerprint: 'another' }));
      return bad();
    });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch' }]);
  });
});

describe('a record in position mode whose letter was stored, but not its position', () => {
  it('is passed over by the position at its redelivery', async () => {
    const bench = positionBench((given, context) => (given.offset === 1 ? bad() : addOne(given, context)));
    const expiresAtSeconds = bench.clock.nowMs() / 1000 + 1_000;
    const last = { offset: 1 };
    bench.store.poke(coordinatesKeyOf(last), markerWith({ status: 'COMPLETED', expiresAtSeconds }));
    expect(await bench.invoke([{ offset: 0 }, last])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled', 'orders-0@1': 'duplicate' });
    expect(bench.store.count('commit').calls).toBe(2);
    // What stands below the position is not handled any more, whatever became of its marker.
    bench.store.poke(coordinatesKeyOf(last), undefined);
    const later = positionBench(() => expect.unreachable(), {}, { store: bench.store, clock: bench.clock, seed: 2 });
    expect(await later.invoke([last])).toEqual({ undone: [] });
  });
});
