import { createHash } from 'node:crypto';
import { jsonText } from '../../core/dead-letter/json-text.ts';
import type { DeadLetter } from '../../ports/dead-letter-sink.ts';

/**
 * The S3 object key of a letter: `<cluster label>/<namespace>/<topic>/<partition>/<offset>-<hash>.json`.
 *
 * The same record has the same key, so a repeat overwrites itself; the hash of the record keeps another one apart that
 * took its place after its topic was made again.
 */
export function objectKey(letter: DeadLetter, prefix: string): string {
  const { topic, partition, offset, timestampMs, key, value, headers } = letter.record;
  const identity = [letter.clusterLabel, letter.namespace, topic, partition, offset, timestampMs, key, value, headers];
  const hash = createHash('sha256').update(jsonText(identity)).digest('hex').slice(0, 16);
  const place = [letter.clusterLabel, letter.namespace, topic, String(partition)].map(segment).join('/');
  return `${prefix}${place}/${offset}-${hash}.json`;
}

/** What S3 and every tool takes as a part of a key; short enough for four of them to stay under 1,024 bytes. */
function segment(text: string): string {
  return text === '' ? '_' : text.slice(0, 150).replace(/[^A-Za-z0-9._-]/g, '_');
}
