import type { Marker } from '../../core/claim/marker.ts';
import type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import { isUnchanged } from './is-unchanged.ts';
import { storableResult } from './storable-result.ts';

type Markers = Map<string, Marker>;

export function insert(markers: Markers, claim: ClaimWrite): ClaimResult {
  const existing = markers.get(claim.idempotencyKey);
  if (existing !== undefined) {
    return { kind: 'existing', marker: existing };
  }
  markers.set(claim.idempotencyKey, claimed(claim));
  return { kind: 'claimed' };
}

export function takeOver(markers: Markers, claim: TakeOverWrite): ClaimResult {
  const existing = markers.get(claim.idempotencyKey);
  if (existing === undefined) {
    return { kind: 'gone' };
  }
  if (!isUnchanged(existing, claim.seen)) {
    return { kind: 'existing', marker: existing };
  }
  markers.set(claim.idempotencyKey, claimed(claim));
  return { kind: 'claimed' };
}

export function renew(markers: Markers, renewal: RenewWrite): RenewResult {
  const held = heldBy(markers, renewal);
  if (held === undefined) {
    return { kind: 'refused' };
  }
  markers.set(renewal.idempotencyKey, { ...held, leaseUntilMs: renewal.leaseUntilMs });
  return { kind: 'renewed' };
}

export function complete(markers: Markers, completion: CompleteWrite): CompleteResult {
  const result = completion.result === undefined ? undefined : storableResult(completion.result);
  const held = heldBy(markers, completion);
  if (held === undefined) {
    return { kind: 'refused', marker: markers.get(completion.idempotencyKey) };
  }
  const { expiresAtSeconds, fingerprint } = completion;
  markers.set(completion.idempotencyKey, { ...held, status: 'COMPLETED', expiresAtSeconds, fingerprint, result });
  return { kind: 'completed' };
}

export function release(markers: Markers, ended: ReleaseWrite): ReleaseResult {
  const held = heldBy(markers, ended);
  if (held === undefined) {
    const alreadyErased = ended.to === 'erase' && !markers.has(ended.idempotencyKey);
    return { kind: alreadyErased ? 'released' : 'refused' };
  }
  if (ended.to === 'erase') {
    markers.delete(ended.idempotencyKey);
  } else if (ended.to === 'keep') {
    markers.set(ended.idempotencyKey, { ...held, owner: undefined, leaseUntilMs: 0, attempts: ended.attempts });
  } else {
    const { attempts, alone } = ended;
    markers.set(ended.idempotencyKey, { ...held, leaseUntilMs: 1, attempts, alone });
  }
  return { kind: 'released' };
}

export function read(markers: Markers, idempotencyKey: string): ReadResult {
  return { kind: 'read', marker: markers.get(idempotencyKey) };
}

export function markCompleted(markers: Markers, completed: CompletedWrite): MarkResult {
  const { idempotencyKey, expiresAtSeconds, fingerprint, source } = completed;
  markers.set(idempotencyKey, {
    status: 'COMPLETED',
    expiresAtSeconds,
    leaseUntilMs: undefined,
    owner: undefined,
    fence: 0,
    attempts: 0,
    alone: false,
    fingerprint,
    result: undefined,
    source,
  });
  return { kind: 'marked' };
}

function claimed(claim: ClaimWrite): Marker {
  return {
    status: 'INPROGRESS',
    expiresAtSeconds: claim.expiresAtSeconds,
    leaseUntilMs: claim.leaseUntilMs,
    owner: claim.owner,
    fence: claim.fence,
    attempts: claim.attempts,
    alone: claim.alone,
    fingerprint: claim.fingerprint,
    result: undefined,
    source: claim.source,
  };
}

function heldBy(
  markers: Markers,
  claim: { readonly idempotencyKey: string; readonly owner: string },
): Marker | undefined {
  const marker = markers.get(claim.idempotencyKey);
  return marker?.status === 'INPROGRESS' && marker.owner === claim.owner ? marker : undefined;
}
