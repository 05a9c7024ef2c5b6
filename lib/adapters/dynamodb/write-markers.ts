import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import type { Marker } from '../../core/claim/marker.ts';
import type { Failed } from '../../ports/idempotency-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { executeStatements, type Written } from './execute-statements.ts';
import { toMarker } from './marker-item.ts';
import { readMarkers } from './read-markers.ts';
import type { Table } from './table.ts';
import type { TableRequest } from './table-request.ts';

/** What was done, or the marker that stood against it. */
export type Decided = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly marker: Marker | undefined };

/** Writes each item by its statement; one that has none because it cannot be stored fails alone. */
export async function write<Write extends { readonly idempotencyKey: string }>(
  request: TableRequest,
  writes: readonly Write[],
  toStatement: (table: Table, write: Write) => BatchStatementRequest,
): Promise<readonly Written[]> {
  const planned = writes.map((one) => builtOrFailed(() => toStatement(request.table, one)));
  const statements = planned.filter((one) => one.kind === 'built').map((one) => one.value);
  const written = (await executeStatements(request, statements)).values();
  return planned.flatMap((one): Written[] => {
    if (one.kind === 'failed') {
      return [one];
    }
    const next = written.next();
    return next.done ? [] : [next.value];
  });
}

/** Builds what is to be sent; what cannot be stored has failed. */
export function builtOrFailed<T>(build: () => T): { readonly kind: 'built'; readonly value: T } | Failed {
  try {
    return { kind: 'built', value: build() };
  } catch (error) {
    if (error instanceof StoreError) {
      return { kind: 'failed', error };
    }
    throw error;
  }
}

/** Turns what was written into results; the refused ones are told what is there, read if the answer did not say. */
export async function withMarkers<Result>(
  request: TableRequest,
  writes: readonly { readonly idempotencyKey: string }[],
  written: readonly Written[],
  toResult: (decided: Decided) => Result,
): Promise<readonly (Result | Failed)[]> {
  const answered = written.map((one) =>
    one.kind === 'refused' && one.item ? toMarker(request.table, one.item) : undefined,
  );
  const unanswered = writes
    .filter((_, index) => written[index]?.kind === 'refused' && answered[index] === undefined)
    .map((one) => one.idempotencyKey);
  const read = (await readMarkers(request, unanswered)).values();
  return written.flatMap((one, index): (Result | Failed)[] => {
    if (one.kind !== 'refused') {
      return [one.kind === 'done' ? toResult(one) : one];
    }
    const marker = answered[index];
    if (marker !== undefined) {
      return [toResult({ kind: 'refused', marker })];
    }
    const next = read.next();
    if (next.done) {
      return [];
    }
    return [next.value.kind === 'failed' ? next.value : toResult({ kind: 'refused', marker: next.value.marker })];
  });
}
