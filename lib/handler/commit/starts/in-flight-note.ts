import type { Marker } from '../../../core/claim/marker.ts';

/** What an in-flight item says of its topic-partition. */
export interface InFlightNote {
  /** The record whose handler is running, or was called first, as coordinates. */
  readonly record: string;
  /** Its handler is the only one that runs. */
  readonly alone: boolean;
  /** The last offset that may be in flight. */
  readonly upTo: number;
}

/** `orders-3@42..541`: what stands under `source`. */
export function formatNote({ record, upTo }: InFlightNote): string {
  return `${record}..${upTo}`;
}

/** What an item says that nobody erased; undefined if it was released. */
export function leftBy({ status, owner, source, alone }: Marker): InFlightNote | undefined {
  if (status !== 'INPROGRESS' || owner === undefined) return undefined;
  const [, record = '', upTo = ''] = /^(.+@\d+)\.\.(\d+)$/.exec(source ?? '') ?? [];
  return record === ''
    ? { record, alone: false, upTo: Number.MAX_SAFE_INTEGER }
    : { record, alone, upTo: Number(upTo) };
}
