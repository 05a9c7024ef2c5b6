/**
 * How undone records are reported.
 *
 * - `'throw'`: by an error, so that Lambda retries the whole batch; right for every mapping.
 * - `{ report: topics }`: by a partial batch response, for batches that hold these topics only. Grant it to a topic
 *   after `ReportBatchItemFailures` is on at its event source mapping: a mapping without it takes the report for success.
 */
export type FailureReporting = 'throw' | { readonly report: readonly string[] };

/** Whether a batch of these topics may be answered with a partial batch response. */
export function mayReport(reporting: FailureReporting, topics: Iterable<string>): boolean {
  if (reporting === 'throw') return false;
  for (const topic of topics) {
    if (!reporting.report.includes(topic)) return false;
  }
  return true;
}
