import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { ClaimWrite, CompleteWrite, IdempotencyStore, StoreCall } from '../../lib/ports/idempotency-store.ts';

/** What every test needs of the store it is given; each sentence of the port's prose is a test below. */
export const call: StoreCall = { signal: new AbortController().signal };

let issued = 0;

/** A key that no other test uses, also on a table that outlives the run. */
export function freshKey(): string {
  issued += 1;
  return `contract-${issued}-${randomUUID()}`;
}

export function claimOf(idempotencyKey: string, over: Partial<ClaimWrite> = {}): ClaimWrite {
  return {
    idempotencyKey,
    owner: 'owner-a',
    fence: 1,
    attempts: 1,
    alone: false,
    leaseUntilMs: 1_790_000_030_000,
    expiresAtSeconds: 1_791_000_000,
    fingerprint: 'fingerprint-a',
    source: 'orders-3@42',
    ...over,
  };
}

export function completionOf(idempotencyKey: string, over: Partial<CompleteWrite> = {}): CompleteWrite {
  return {
    idempotencyKey,
    owner: 'owner-a',
    expiresAtSeconds: 1_792_000_000,
    fingerprint: 'fingerprint-a',
    result: undefined,
    ...over,
  };
}

/** The marker that a claim leaves. */
export function markerOf({ idempotencyKey: _, ...claim }: ClaimWrite): Marker {
  return { ...claim, status: 'INPROGRESS', result: undefined };
}

/** What is stored now, read consistently. */
export async function markerAt(store: IdempotencyStore, idempotencyKey: string): Promise<Marker | undefined> {
  const [result] = await store.read([idempotencyKey], call);
  if (result?.kind !== 'read') {
    throw new Error(`reading ${idempotencyKey} failed`, { cause: result?.error });
  }
  return result.marker;
}

async function claimed(store: IdempotencyStore, over: Partial<ClaimWrite> = {}): Promise<ClaimWrite> {
  const claim = claimOf(freshKey(), over);
  expect(await store.insert([claim], call)).toEqual([{ kind: 'claimed' }]);
  return claim;
}

async function completed(store: IdempotencyStore, over: Partial<CompleteWrite> = {}): Promise<ClaimWrite> {
  const claim = await claimed(store);
  expect(await store.complete([completionOf(claim.idempotencyKey, over)], call)).toEqual([{ kind: 'completed' }]);
  return claim;
}

/** Runs the suite; `subject` is asked in each test. */
export function idempotencyStoreContract(subject: () => IdempotencyStore): void {
  describe('every operation', () => {
    it('answers an empty list with an empty one', async () => {
      const store = subject();
      expect(await store.insert([], call)).toEqual([]);
      expect(await store.takeOver([], call)).toEqual([]);
      expect(await store.renew([], call)).toEqual([]);
      expect(await store.complete([], call)).toEqual([]);
      expect(await store.release([], call)).toEqual([]);
      expect(await store.read([], call)).toEqual([]);
      expect(await store.markCompleted([], call)).toEqual([]);
    });

    it('answers one result an item, in order, whatever the number', async () => {
      const store = subject();
      const taken = new Set<string>();
      const claims = Array.from({ length: 127 }, () => claimOf(freshKey()));
      const occupied = claims.filter((_, index) => index % 3 === 0);
      for (const claim of occupied) {
        taken.add(claim.idempotencyKey);
      }
      await store.insert(
        occupied.map((claim) => ({ ...claim, owner: 'other' })),
        call,
      );
      const results = await store.insert(claims, call);
      expect(results.map((result) => result.kind)).toEqual(
        claims.map((claim) => (taken.has(claim.idempotencyKey) ? 'existing' : 'claimed')),
      );

      const completions = await store.complete(
        claims.map((claim) => completionOf(claim.idempotencyKey)),
        call,
      );
      expect(completions.map((result) => result.kind)).toEqual(
        claims.map((claim) => (taken.has(claim.idempotencyKey) ? 'refused' : 'completed')),
      );

      const reads = await store.read(
        claims.map((claim) => claim.idempotencyKey),
        call,
      );
      expect(reads.map((result) => result.kind === 'read' && result.marker?.status)).toEqual(
        claims.map((claim) => (taken.has(claim.idempotencyKey) ? 'INPROGRESS' : 'COMPLETED')),
      );
    });

    it('does not touch the store and fails as unavailable once its signal is aborted', async () => {
      const store = subject();
      const claim = await claimed(store);
      const key = claim.idempotencyKey;
      const absent = freshKey();
      const aborted: StoreCall = { signal: AbortSignal.abort() };
      const failed = [{ kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } }];
      expect(await store.insert([claimOf(absent)], aborted)).toMatchObject(failed);
      expect(
        await store.takeOver([{ ...claimOf(key, { owner: 'owner-b', fence: 2 }), seen: markerOf(claim) }], aborted),
      ).toMatchObject(failed);
      expect(await store.renew([{ idempotencyKey: key, owner: 'owner-a', leaseUntilMs: 1 }], aborted)).toMatchObject(
        failed,
      );
      expect(await store.complete([completionOf(key)], aborted)).toMatchObject(failed);
      expect(await store.release([{ idempotencyKey: key, owner: 'owner-a', to: 'erase' }], aborted)).toMatchObject(
        failed,
      );
      expect(await store.read([key], aborted)).toMatchObject(failed);
      expect(
        await store.markCompleted(
          [{ idempotencyKey: absent, expiresAtSeconds: 1, fingerprint: undefined, source: undefined }],
          aborted,
        ),
      ).toMatchObject(failed);
      expect(await markerAt(store, key)).toEqual(markerOf(claim));
      expect(await markerAt(store, absent)).toBeUndefined();
    });
  });

  describe('insert', () => {
    it('writes an INPROGRESS marker with all that the claim says', async () => {
      const store = subject();
      const claim = await claimed(store, { fence: 1, attempts: 2, alone: true });
      expect(await markerAt(store, claim.idempotencyKey)).toEqual(markerOf(claim));
    });

    it('leaves out what the claim leaves undefined', async () => {
      const store = subject();
      const claim = await claimed(store, { fingerprint: undefined, source: undefined });
      expect(await markerAt(store, claim.idempotencyKey)).toEqual(markerOf(claim));
    });

    it('returns an existing marker unjudged: expired, its lease over, or completed', async () => {
      const store = subject();
      const expired = await claimed(store, { expiresAtSeconds: 1, leaseUntilMs: 1 });
      const done = await completed(store, { expiresAtSeconds: 1, result: { charge: 12 } });
      const before = [await markerAt(store, expired.idempotencyKey), await markerAt(store, done.idempotencyKey)];
      const results = await store.insert(
        [claimOf(expired.idempotencyKey, { owner: 'owner-b' }), claimOf(done.idempotencyKey, { owner: 'owner-b' })],
        call,
      );
      expect(results).toEqual(before.map((marker) => ({ kind: 'existing', marker })));
      expect([await markerAt(store, expired.idempotencyKey), await markerAt(store, done.idempotencyKey)]).toEqual(
        before,
      );
    });

    it('finds its own owner when it is repeated after a lost answer', async () => {
      const store = subject();
      const claim = await claimed(store);
      expect(await store.insert([claim], call)).toEqual([{ kind: 'existing', marker: markerOf(claim) }]);
    });

    it('gives a key to exactly one of 20 that ask for it at once', async () => {
      const store = subject();
      const key = freshKey();
      const owners = Array.from({ length: 20 }, (_, index) => `owner-${index}`);
      const results = await Promise.all(owners.map((owner) => store.insert([claimOf(key, { owner })], call)));
      const winners = owners.filter((_, index) => results[index]?.[0]?.kind === 'claimed');
      expect(winners).toHaveLength(1);
      expect((await markerAt(store, key))?.owner).toBe(winners[0]);
      for (const [result] of results) {
        expect(result).toSatisfy(
          () => result?.kind === 'claimed' || (result?.kind === 'existing' && result.marker.owner === winners[0]),
        );
      }
    });
  });

  describe('takeOver', () => {
    it('replaces the marker that was seen, and drops its result and fingerprint', async () => {
      const store = subject();
      const done = await completed(store, { result: { charge: 12 } });
      const seen = await markerAt(store, done.idempotencyKey);
      if (seen === undefined) {
        throw new Error('no marker');
      }
      expect(seen.result).toEqual({ charge: 12 });
      const next = claimOf(done.idempotencyKey, {
        owner: 'owner-b',
        fence: 2,
        attempts: 5,
        alone: true,
        fingerprint: undefined,
        source: undefined,
      });
      expect(await store.takeOver([{ ...next, seen }], call)).toEqual([{ kind: 'claimed' }]);
      expect(await markerAt(store, done.idempotencyKey)).toEqual(markerOf(next));
    });

    it('takes a released marker', async () => {
      const store = subject();
      const claim = await claimed(store);
      const key = claim.idempotencyKey;
      await store.release([{ idempotencyKey: key, owner: 'owner-a', to: 'keep', attempts: 1 }], call);
      const seen = await markerAt(store, key);
      if (seen === undefined) {
        throw new Error('no marker');
      }
      const next = claimOf(key, { owner: 'owner-b', fence: 2, attempts: 2 });
      expect(await store.takeOver([{ ...next, seen }], call)).toEqual([{ kind: 'claimed' }]);
      expect(await markerAt(store, key)).toEqual(markerOf(next));
    });

    it.each([
      ['status', { status: 'COMPLETED' }],
      ['expiration', { expiresAtSeconds: 5 }],
      ['lease', { leaseUntilMs: 5 }],
      ['absent lease', { leaseUntilMs: undefined }],
      ['owner', { owner: 'owner-x' }],
      ['absent owner', { owner: undefined }],
      ['fence', { fence: 7 }],
    ] satisfies [string, Partial<Marker>][])('refuses when the %s is not as seen', async (_, difference) => {
      const store = subject();
      const claim = await claimed(store);
      const takeover = {
        ...claimOf(claim.idempotencyKey, { owner: 'owner-b', fence: 2 }),
        seen: { ...markerOf(claim), ...difference },
      };
      expect(await store.takeOver([takeover], call)).toEqual([{ kind: 'existing', marker: markerOf(claim) }]);
      expect(await markerAt(store, claim.idempotencyKey)).toEqual(markerOf(claim));
    });

    it('is gone when there is no marker any more, and writes none', async () => {
      const store = subject();
      const claim = claimOf(freshKey(), { fence: 2 });
      expect(await store.takeOver([{ ...claim, seen: markerOf(claim) }], call)).toEqual([{ kind: 'gone' }]);
      expect(await markerAt(store, claim.idempotencyKey)).toBeUndefined();
    });

    it('finds its own owner when it is repeated after a lost answer', async () => {
      const store = subject();
      const claim = await claimed(store);
      const takeover = {
        ...claimOf(claim.idempotencyKey, { owner: 'owner-b', fence: 2 }),
        seen: markerOf(claim),
      };
      await store.takeOver([takeover], call);
      expect(await store.takeOver([takeover], call)).toMatchObject([
        { kind: 'existing', marker: { owner: 'owner-b', fence: 2 } },
      ]);
    });

    it('gives a free marker to exactly one of 20 that saw it', async () => {
      const store = subject();
      const claim = await claimed(store);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.takeOver(
            [
              {
                ...claimOf(claim.idempotencyKey, { owner: `owner-${index}`, fence: 2 }),
                seen: markerOf(claim),
              },
            ],
            call,
          ),
        ),
      );
      expect(results.filter(([result]) => result?.kind === 'claimed')).toHaveLength(1);
    });
  });

  describe.each(['renew', 'complete', 'release to keep', 'release to erase', 'release to unknown'] as const)(
    '%s',
    (operation) => {
      const apply = async (store: IdempotencyStore, idempotencyKey: string, owner: string) => {
        switch (operation) {
          case 'renew':
            return (await store.renew([{ idempotencyKey, owner, leaseUntilMs: 1_790_000_099_000 }], call))[0]?.kind;
          case 'complete':
            return (await store.complete([completionOf(idempotencyKey, { owner, result: 'late' })], call))[0]?.kind;
          case 'release to keep':
            return (await store.release([{ idempotencyKey, owner, to: 'keep', attempts: 9 }], call))[0]?.kind;
          case 'release to erase':
            return (await store.release([{ idempotencyKey, owner, to: 'erase' }], call))[0]?.kind;
          case 'release to unknown':
            return (await store.release([{ idempotencyKey, owner, to: 'unknown', attempts: 9, alone: true }], call))[0]
              ?.kind;
        }
      };

      it('is refused to another owner, and changes nothing', async () => {
        const store = subject();
        const claim = await claimed(store);
        expect(await apply(store, claim.idempotencyKey, 'owner-b')).toBe('refused');
        expect(await markerAt(store, claim.idempotencyKey)).toEqual(markerOf(claim));
      });

      it('is refused to the owner that was taken over', async () => {
        const store = subject();
        const claim = await claimed(store);
        const next = claimOf(claim.idempotencyKey, { owner: 'owner-b', fence: 2 });
        await store.takeOver([{ ...next, seen: markerOf(claim) }], call);
        expect(await apply(store, claim.idempotencyKey, 'owner-a')).toBe('refused');
        expect(await markerAt(store, claim.idempotencyKey)).toEqual(markerOf(next));
      });

      it('is refused on a completed marker, also to the owner that completed it', async () => {
        const store = subject();
        const done = await completed(store, { result: 'first' });
        const before = await markerAt(store, done.idempotencyKey);
        expect(await apply(store, done.idempotencyKey, 'owner-a')).toBe('refused');
        expect(await markerAt(store, done.idempotencyKey)).toEqual(before);
      });

      it('is refused on a released marker', async () => {
        const store = subject();
        const { idempotencyKey } = await claimed(store);
        await store.release([{ idempotencyKey, owner: 'owner-a', to: 'keep', attempts: 1 }], call);
        const before = await markerAt(store, idempotencyKey);
        expect(await apply(store, idempotencyKey, 'owner-a')).toBe('refused');
        expect(await markerAt(store, idempotencyKey)).toEqual(before);
      });

      it('writes none where there is no marker', async () => {
        const store = subject();
        const key = freshKey();
        // What is to be erased and is not there has been erased, perhaps by the same request before its answer was lost.
        expect(await apply(store, key, 'owner-a')).toBe(operation === 'release to erase' ? 'released' : 'refused');
        expect(await markerAt(store, key)).toBeUndefined();
      });
    },
  );

  describe('renew', () => {
    it('changes the lease and nothing else', async () => {
      const store = subject();
      const claim = await claimed(store);
      const renewal = {
        idempotencyKey: claim.idempotencyKey,
        owner: 'owner-a',
        leaseUntilMs: 1_790_000_060_000,
      };
      expect(await store.renew([renewal], call)).toEqual([{ kind: 'renewed' }]);
      expect(await store.renew([renewal], call)).toEqual([{ kind: 'renewed' }]);
      expect(await markerAt(store, claim.idempotencyKey)).toEqual({
        ...markerOf(claim),
        leaseUntilMs: 1_790_000_060_000,
      });
    });
  });

  describe('complete', () => {
    it('keeps owner, fence, attempts and source, and counts the expiry anew', async () => {
      const store = subject();
      const done = await completed(store, { expiresAtSeconds: 1_799_000_000, result: ['a', 1] });
      expect(await markerAt(store, done.idempotencyKey)).toEqual({
        ...markerOf(done),
        status: 'COMPLETED',
        expiresAtSeconds: 1_799_000_000,
        result: ['a', 1],
      });
    });

    it('removes the fingerprint that it leaves undefined', async () => {
      const store = subject();
      const done = await completed(store, { fingerprint: undefined });
      expect(await markerAt(store, done.idempotencyKey)).toMatchObject({ fingerprint: undefined, result: undefined });
    });

    it('carries the marker as it is when it is refused', async () => {
      const store = subject();
      const claim = await claimed(store);
      expect(
        await store.complete(
          [completionOf(claim.idempotencyKey, { owner: 'owner-b' }), completionOf(freshKey())],
          call,
        ),
      ).toEqual([
        { kind: 'refused', marker: markerOf(claim) },
        { kind: 'refused', marker: undefined },
      ]);
    });

    it('finds its own owner, completed, when it is repeated after a lost answer', async () => {
      const store = subject();
      const done = await completed(store);
      expect(await store.complete([completionOf(done.idempotencyKey)], call)).toMatchObject([
        { kind: 'refused', marker: { status: 'COMPLETED', owner: 'owner-a' } },
      ]);
    });

    it.each([
      ['null', null, null],
      ['an empty text', '', ''],
      ['a text', 'Grüße, 世界', 'Grüße, 世界'],
      ['a lone surrogate', 'a\uD800b', 'a\uFFFDb'],
      ['numbers', [0, -0, 1.5, -7, 1e-7, 2 ** 53 - 1, 1e-130], [0, 0, 1.5, -7, 1e-7, 2 ** 53 - 1, 1e-130]],
      ['a large number', [1e40, 1.5e100], [1e40, 1.5e100]],
      ['integers beyond 2^53', [2 ** 60, 12345678901234567890n, 5n], [1152921504606846976n, 12345678901234567890n, 5]],
      ['booleans', [true, false], [true, false]],
      ['empty containers', { list: [], map: {} }, { list: [], map: {} }],
      [
        'undefined members and elements',
        { kept: 1, dropped: undefined, list: [undefined, 1] },
        { kept: 1, list: [null, 1] },
      ],
      ['dates, as JSON has them', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
      ['odd names', { 'a.b': 1, 'ä "quoted"': 2, id: 3, status: 4 }, { 'a.b': 1, 'ä "quoted"': 2, id: 3, status: 4 }],
    ])('keeps a result that is %s', async (_, result, expected) => {
      const store = subject();
      const done = await completed(store, { result });
      expect((await markerAt(store, done.idempotencyKey))?.result).toStrictEqual(expected);
    });

    it('keeps a member named __proto__ as a member', async () => {
      const store = subject();
      const done = await completed(store, { result: JSON.parse('{"__proto__":{"a":1}}') });
      const result = (await markerAt(store, done.idempotencyKey))?.result;
      expect(JSON.stringify(result)).toBe('{"__proto__":{"a":1}}');
    });

    it('keeps 30 levels of a result', async () => {
      const store = subject();
      const result = nested(30);
      const done = await completed(store, { result });
      expect((await markerAt(store, done.idempotencyKey))?.result).toEqual(result);
    });

    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    it.each([
      ['NaN', Number.NaN],
      ['infinite', [Number.POSITIVE_INFINITY]],
      ['too large a number', 1e126],
      ['too small a number', 1e-131],
      ['an integer of 39 digits', 10n ** 38n],
      ['a function', { callback: () => 1 }],
      ['a symbol', Symbol('s')],
      ['a map', new Map([[1, 2]])],
      ['binary', new Uint8Array(3)],
      ['cyclic', cyclic],
      ['40 levels deep', nested(40)],
      ['over 400 KB', 'x'.repeat(410 * 1024)],
      [
        'unreadable',
        {
          get secret(): never {
            throw new Error('secret');
          },
        },
      ],
    ])('fails as unstorable for a result that is %s, and harms no neighbour', async (_, result) => {
      const store = subject();
      const claims = Array.from({ length: 3 }, () => claimOf(freshKey()));
      await store.insert(claims, call);
      const results = await store.complete(
        claims.map((claim, index) => completionOf(claim.idempotencyKey, { result: index === 1 ? result : { index } })),
        call,
      );
      expect(results).toMatchObject([
        { kind: 'completed' },
        { kind: 'failed', error: { name: 'StoreError', kind: 'unstorable' } },
        { kind: 'completed' },
      ]);
      const [, failed] = results;
      expect(failed?.kind === 'failed' && failed.error.message).not.toContain('secret');
      const key = claims[1]?.idempotencyKey ?? '';
      expect(await markerAt(store, key)).toMatchObject({ status: 'INPROGRESS', owner: 'owner-a' });
      expect(await store.complete([completionOf(key)], call)).toEqual([{ kind: 'completed' }]);
    });
  });

  describe('release', () => {
    it('to keep removes the owner, ends the lease and sets the attempts', async () => {
      const store = subject();
      const claim = await claimed(store, { alone: true, attempts: 3 });
      const key = claim.idempotencyKey;
      expect(await store.release([{ idempotencyKey: key, owner: 'owner-a', to: 'keep', attempts: 2 }], call)).toEqual([
        { kind: 'released' },
      ]);
      expect(await markerAt(store, key)).toEqual({
        ...markerOf(claim),
        owner: undefined,
        leaseUntilMs: 0,
        attempts: 2,
      });
    });

    it('to erase deletes the marker', async () => {
      const store = subject();
      const { idempotencyKey } = await claimed(store);
      expect(await store.release([{ idempotencyKey, owner: 'owner-a', to: 'erase' }], call)).toEqual([
        { kind: 'released' },
      ]);
      expect(await markerAt(store, idempotencyKey)).toBeUndefined();
    });

    it('takes both kinds in one call', async () => {
      const store = subject();
      const claims = Array.from({ length: 60 }, () => claimOf(freshKey()));
      await store.insert(claims, call);
      const results = await store.release(
        claims.map(({ idempotencyKey }, index) =>
          index % 2 === 0
            ? { idempotencyKey, owner: 'owner-a', to: 'erase' }
            : { idempotencyKey, owner: index % 3 === 0 ? 'owner-b' : 'owner-a', to: 'keep', attempts: index },
        ),
        call,
      );
      expect(results.map((result) => result.kind)).toEqual(
        claims.map((_, index) => (index % 2 === 1 && index % 3 === 0 ? 'refused' : 'released')),
      );
    });
  });

  describe('read', () => {
    it('sees every write that was answered before, and undefined where there is none', async () => {
      const store = subject();
      const claim = await claimed(store);
      expect(await store.read([freshKey(), claim.idempotencyKey], call)).toEqual([
        { kind: 'read', marker: undefined },
        { kind: 'read', marker: markerOf(claim) },
      ]);
    });
  });

  describe('markCompleted', () => {
    it('writes a completed marker, over whatever was there', async () => {
      const store = subject();
      const live = await claimed(store);
      const done = await completed(store, { result: 'old' });
      const keys = [freshKey(), live.idempotencyKey, done.idempotencyKey];
      const marks = keys.map((idempotencyKey) => ({
        idempotencyKey,
        expiresAtSeconds: 1_795_000_000,
        fingerprint: 'fingerprint-b',
        source: 'orders-1@7',
      }));
      expect(await store.markCompleted(marks, call)).toEqual(marks.map(() => ({ kind: 'marked' })));
      for (const key of keys) {
        expect(await markerAt(store, key)).toEqual({
          status: 'COMPLETED',
          expiresAtSeconds: 1_795_000_000,
          leaseUntilMs: undefined,
          owner: undefined,
          fence: 0,
          attempts: 0,
          alone: false,
          fingerprint: 'fingerprint-b',
          result: undefined,
          source: 'orders-1@7',
        });
      }
    });

    it('shuts out the owner of an earlier claim', async () => {
      const store = subject();
      const { idempotencyKey } = await claimed(store);
      await store.markCompleted(
        [{ idempotencyKey, expiresAtSeconds: 1, fingerprint: undefined, source: undefined }],
        call,
      );
      expect(await store.complete([completionOf(idempotencyKey)], call)).toMatchObject([
        { kind: 'refused', marker: { status: 'COMPLETED', owner: undefined } },
      ]);
    });
  });
}

function nested(levels: number): unknown {
  let value: unknown = 'leaf';
  for (let level = 1; level < levels; level += 1) {
    value = { value };
  }
  return value;
}
