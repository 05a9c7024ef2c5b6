import fc from 'fast-check';
import { expect } from 'vitest';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { call, claimOf, completionOf, freshKey, markerAt, markerOf } from './idempotency-store.contract.ts';

/** One step of a history: an operation of one owner on some of the keys. */
export interface Step {
  readonly operation: 'insert' | 'takeOver' | 'renew' | 'complete' | 'keep' | 'erase' | 'unknown' | 'read' | 'mark';
  readonly owner: 'owner-a' | 'owner-b' | 'owner-c';
  /** Indices of the keys, without repetition. */
  readonly keys: readonly number[];
  /** Takes over what was seen this many changes ago; 0 is what is there. */
  readonly stale: number;
  readonly number: number;
}

const keyCount = 4;

/** Believed to be seen by an owner that has seen nothing. */
const neverThere = markerOf(claimOf('', { owner: 'nobody' }));

export const histories: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    operation: fc.constantFrom('insert', 'takeOver', 'renew', 'complete', 'keep', 'erase', 'unknown', 'read', 'mark'),
    owner: fc.constantFrom('owner-a', 'owner-b', 'owner-c'),
    keys: fc.uniqueArray(fc.nat({ max: keyCount - 1 }), { minLength: 1, maxLength: keyCount }),
    stale: fc.constantFrom(0, 0, 0, 1, 2),
    number: fc.nat({ max: 3 }),
  }),
  { maxLength: 30 },
);

/** What the port promises, on one key, as plainly as it can be said. */
function expected(
  step: Step,
  key: string,
  marker: Marker | undefined,
  seen: Marker,
): { readonly result: unknown; readonly after: Marker | undefined } {
  const { owner, number } = step;
  const held = marker?.status === 'INPROGRESS' && marker.owner === owner ? marker : undefined;
  const claim = claimOf(key, { owner, fence: seen.fence + 1, attempts: number, leaseUntilMs: 1_000 + number });
  const expiresAtSeconds = 2_000 + number;
  switch (step.operation) {
    case 'insert':
      return marker === undefined
        ? { result: { kind: 'claimed' }, after: markerOf(claim) }
        : { result: { kind: 'existing', marker }, after: marker };
    case 'takeOver':
      if (marker === undefined) {
        return { result: { kind: 'gone' }, after: undefined };
      }
      return sameClaim(marker, seen)
        ? { result: { kind: 'claimed' }, after: markerOf(claim) }
        : { result: { kind: 'existing', marker }, after: marker };
    case 'renew':
      return held
        ? { result: { kind: 'renewed' }, after: { ...held, leaseUntilMs: 3_000 + number } }
        : { result: { kind: 'refused' }, after: marker };
    case 'complete':
      return held
        ? {
            result: { kind: 'completed' },
            after: {
              ...held,
              status: 'COMPLETED',
              expiresAtSeconds,
              fingerprint: `print-${number}`,
              result: { number },
            },
          }
        : { result: { kind: 'refused', marker }, after: marker };
    case 'keep':
      return held
        ? { result: { kind: 'released' }, after: { ...held, owner: undefined, leaseUntilMs: 0, attempts: number } }
        : { result: { kind: 'refused' }, after: marker };
    case 'unknown':
      return held
        ? {
            result: { kind: 'released' },
            after: { ...held, leaseUntilMs: 1, attempts: number, alone: number % 2 === 0 },
          }
        : { result: { kind: 'refused' }, after: marker };
    case 'erase':
      return held || marker === undefined
        ? { result: { kind: 'released' }, after: undefined }
        : { result: { kind: 'refused' }, after: marker };
    case 'read':
      return { result: { kind: 'read', marker }, after: marker };
    case 'mark':
      return {
        result: { kind: 'marked' },
        after: {
          status: 'COMPLETED',
          expiresAtSeconds,
          leaseUntilMs: undefined,
          owner: undefined,
          fence: 0,
          attempts: 0,
          alone: false,
          fingerprint: undefined,
          result: undefined,
          source: undefined,
        },
      };
  }
}

function sameClaim(marker: Marker, seen: Marker): boolean {
  return (
    marker.status === seen.status &&
    marker.expiresAtSeconds === seen.expiresAtSeconds &&
    marker.leaseUntilMs === seen.leaseUntilMs &&
    marker.owner === seen.owner &&
    marker.fence === seen.fence
  );
}

function perform(store: IdempotencyStore, step: Step, keys: readonly string[], seen: readonly Marker[]) {
  const { owner, number } = step;
  const claims = keys.map((key, index) =>
    claimOf(key, {
      owner,
      fence: (seen[index] ?? neverThere).fence + 1,
      attempts: number,
      leaseUntilMs: 1_000 + number,
    }),
  );
  switch (step.operation) {
    case 'insert':
      return store.insert(claims, call);
    case 'takeOver':
      return store.takeOver(
        claims.map((claim, index) => ({ ...claim, seen: seen[index] ?? neverThere })),
        call,
      );
    case 'renew':
      return store.renew(
        keys.map((idempotencyKey) => ({ idempotencyKey, owner, leaseUntilMs: 3_000 + number })),
        call,
      );
    case 'complete':
      return store.complete(
        keys.map((key) =>
          completionOf(key, {
            owner,
            expiresAtSeconds: 2_000 + number,
            fingerprint: `print-${number}`,
            result: { number },
          }),
        ),
        call,
      );
    case 'keep':
      return store.release(
        keys.map((idempotencyKey) => ({ idempotencyKey, owner, to: 'keep', attempts: number })),
        call,
      );
    case 'unknown':
      return store.release(
        keys.map((idempotencyKey) => ({
          idempotencyKey,
          owner,
          to: 'unknown',
          attempts: number,
          alone: number % 2 === 0,
        })),
        call,
      );
    case 'erase':
      return store.release(
        keys.map((idempotencyKey) => ({ idempotencyKey, owner, to: 'erase' })),
        call,
      );
    case 'read':
      return store.read(keys, call);
    case 'mark':
      return store.markCompleted(
        keys.map((idempotencyKey) => ({
          idempotencyKey,
          expiresAtSeconds: 2_000 + number,
          fingerprint: undefined,
          source: undefined,
        })),
        call,
      );
  }
}

/** Carries a history out on fresh keys, on the store and on the model beside it, and compares every answer and the end. */
export async function followsTheModel(store: IdempotencyStore, history: readonly Step[]): Promise<void> {
  const keys = Array.from({ length: keyCount }, freshKey);
  const past = keys.map((): (Marker | undefined)[] => [undefined]);
  for (const step of history) {
    const stepKeys = step.keys.map((index) => keys[index] ?? '');
    const plans = step.keys.map((index) => {
      const versions = past[index] ?? [];
      const seen = versions.at(-1 - step.stale) ?? neverThere;
      return { versions, seen, ...expected(step, keys[index] ?? '', versions.at(-1), seen) };
    });
    const results = await perform(
      store,
      step,
      stepKeys,
      plans.map((plan) => plan.seen),
    );
    expect(results, JSON.stringify(step)).toEqual(plans.map((plan) => plan.result));
    for (const { versions, after } of plans) {
      if (after !== versions.at(-1)) {
        versions.push(after);
      }
    }
  }
  for (const [index, key] of keys.entries()) {
    expect(await markerAt(store, key)).toEqual(past[index]?.at(-1));
  }
}
