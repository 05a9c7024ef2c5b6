import { recordKind } from './record-kind.ts';

interface EventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value?: string | null;
}

/**
 * The orders of an invocation's event that its answer names as not done; `event` and `answer` as JSON text.
 *
 * Read without the toolkit, like the rest of the audit.
 */
export function undoneReferences(event: string, answer: string): ReadonlySet<string> {
  const { batchItemFailures: failures = [] }: Answer = JSON.parse(answer) ?? {};
  const places = new Set(failures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`));
  if (places.size === 0) return new Set();
  const { records }: { readonly records: Readonly<Record<string, readonly EventRecord[]>> } = JSON.parse(event);
  const references = Object.values(records)
    .flat()
    .filter(({ topic, partition, offset }) => places.has(`${topic}-${partition}@${offset}`))
    .flatMap((record) => {
      const bytes = typeof record.value === 'string' ? Buffer.from(record.value, 'base64') : undefined;
      const what = recordKind(bytes, record);
      return 'reference' in what ? [what.reference] : [];
    });
  return new Set(references);
}

interface Answer {
  readonly batchItemFailures?: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}
