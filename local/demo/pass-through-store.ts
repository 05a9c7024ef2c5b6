import type { IdempotencyStore } from '../../lib/index.ts';

/** A store that protects nothing: every claim succeeds, and nothing is remembered. */
export const passThroughStore: IdempotencyStore = {
  insert: async (claims) => claims.map(() => ({ kind: 'claimed' })),
  takeOver: async (claims) => claims.map(() => ({ kind: 'claimed' })),
  renew: async (renewals) => renewals.map(() => ({ kind: 'renewed' })),
  complete: async (completions) => completions.map(() => ({ kind: 'completed' })),
  release: async (releases) => releases.map(() => ({ kind: 'released' })),
  read: async (keys) => keys.map(() => ({ kind: 'read', marker: undefined })),
  markCompleted: async (markers) => markers.map(() => ({ kind: 'marked' })),
};
