import type { Entry } from '../../run/entry.ts';
import type { RecordEndings } from '../../run/record-endings.ts';
import type { Started } from './started.ts';

/** What a mode does with a record whose handler was called, or whose Kafka key is held. */
export interface Conclusions {
  keyHeld(): Promise<void>;
  threw(started: Started & { readonly kind: 'threw' }): Promise<void>;
  resolved(started: Started & { readonly kind: 'resolved' }): void;
}

/** Ends a record as its handling ended: where there is nothing to commit or to believe, in every mode alike. */
export async function conclude(
  entry: Entry,
  started: Started,
  endings: RecordEndings,
  { keyHeld, threw, resolved }: Conclusions,
): Promise<void> {
  switch (started.kind) {
    case 'stopped':
      return;
    case 'notAttempted':
      return endings.stop(entry, 'notAttempted');
    case 'keyUnread':
    case 'uncounted':
      return endings.stop(entry, 'failed', started.error);
    case 'unsettled':
      return endings.unsettled(entry);
    case 'keyHeld':
      return await keyHeld();
    case 'threw':
      return await threw(started);
    case 'resolved':
      return resolved(started);
  }
}
