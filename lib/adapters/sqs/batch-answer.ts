/** What the answer to `SendMessageBatch` says of one entry. */
export type EntryVerdict =
  | { readonly stored: true }
  | { readonly stored: false; readonly why: string; readonly cause?: unknown };

/**
 * The verdict on each entry, in order; entry `i` has the id `String(i)`.
 *
 * Only what is named as successful, with the id of its message, and not as failed too, counts as stored. An answer of
 * any other shape, from a proxy in between say, proves nothing.
 */
export function batchAnswer(answer: unknown, entryCount: number): readonly EntryVerdict[] {
  const successful = entriesOf(answer, 'Successful');
  const failed = entriesOf(answer, 'Failed');
  return Array.from({ length: entryCount }, (_, index): EntryVerdict => {
    const id = String(index);
    const failure = failed.find((entry) => entry.Id === id);
    if (failure !== undefined) return { stored: false, why: `the queue refused it: ${codeOf(failure)}` };
    const success = successful.find((entry) => entry.Id === id);
    if (typeof success?.MessageId === 'string' && success.MessageId !== '') return { stored: true };
    return { stored: false, why: 'the answer of the queue does not confirm it' };
  });
}

type Entry = Readonly<Record<string, unknown>>;

function entriesOf(answer: unknown, name: string): readonly Entry[] {
  const list: unknown = isEntry(answer) ? answer[name] : undefined;
  return Array.isArray(list) ? list.filter(isEntry) : [];
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null;
}

function codeOf(failure: Entry): string {
  return typeof failure.Code === 'string' ? failure.Code : 'no code given';
}
