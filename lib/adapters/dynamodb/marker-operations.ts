import type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  IdempotencyStore,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  StoreCall,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import { completedItem } from './marker-item.ts';
import { putItems } from './put-items.ts';
import { readMarkers } from './read-markers.ts';
import {
  completeStatement,
  insertStatement,
  releaseStatement,
  renewStatement,
  takeOverStatement,
} from './statements.ts';
import type { Requests } from './store-options.ts';
import { type Decided, withMarkers, write } from './write-markers.ts';

/** The operations on markers that every mode has. */
export function markerOperations({ requestOf }: Requests): IdempotencyStore {
  return {
    async insert(claims: readonly ClaimWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
      const request = requestOf('insert', call);
      const written = await write(request, claims, insertStatement);
      return withMarkers(request, claims, written, toClaimResult);
    },

    async takeOver(claims: readonly TakeOverWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
      const request = requestOf('takeOver', call);
      const written = await write(request, claims, takeOverStatement);
      return withMarkers(request, claims, written, toClaimResult);
    },

    async renew(renewals: readonly RenewWrite[], call: StoreCall): Promise<readonly RenewResult[]> {
      const written = await write(requestOf('renew', call), renewals, renewStatement);
      return written.map((one) =>
        one.kind === 'failed' ? one : { kind: one.kind === 'done' ? 'renewed' : 'refused' },
      );
    },

    async complete(completions: readonly CompleteWrite[], call: StoreCall): Promise<readonly CompleteResult[]> {
      const request = requestOf('complete', call);
      const written = await write(request, completions, completeStatement);
      return withMarkers(request, completions, written, toCompleteResult);
    },

    async release(releases: readonly ReleaseWrite[], call: StoreCall): Promise<readonly ReleaseResult[]> {
      const written = await write(requestOf('release', call), releases, releaseStatement);
      return written.map((one) =>
        one.kind === 'failed' ? one : { kind: one.kind === 'done' ? 'released' : 'refused' },
      );
    },

    read(idempotencyKeys: readonly string[], call: StoreCall): Promise<readonly ReadResult[]> {
      return readMarkers(requestOf('read', call), idempotencyKeys);
    },

    markCompleted(markers: readonly CompletedWrite[], call: StoreCall): Promise<readonly MarkResult[]> {
      const request = requestOf('markCompleted', call);
      const items = markers.map((marker) => completedItem(request.table, marker));
      return putItems(request, items);
    },
  };
}

function toClaimResult(decided: Decided): ClaimResult {
  if (decided.kind === 'done') {
    return { kind: 'claimed' };
  }
  return decided.marker === undefined ? { kind: 'gone' } : { kind: 'existing', marker: decided.marker };
}

function toCompleteResult(decided: Decided): CompleteResult {
  return decided.kind === 'done' ? { kind: 'completed' } : decided;
}
