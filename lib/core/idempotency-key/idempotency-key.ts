import { type Coordinates, formatCoordinates } from '../coordinates.ts';
import { BusinessIdError, ConfigurationError } from '../errors/errors.ts';
import { canonical } from './canonical.ts';
import { type HashFunction, md5, sha256 } from './hash.ts';
import { isMissingId } from './missing-id.ts';
import { powertoolsText } from './powertools-text.ts';

/** What the idempotency keys of one handler have in common. */
export interface KeySettings {
  /** Keeps two consumers of one topic apart; stands for the consumer group, which the event does not carry. */
  readonly namespace: string;
  /** Names the cluster in keys made of coordinates. Configured, because the event may lack it. */
  readonly clusterLabel: string;
  /** `'topic'`: an ID belongs to its topic. `'namespace'`: topics share their IDs. */
  readonly scope: 'topic' | 'namespace';
  /**
   * `'sha256'`, or `'md5'` to keep an existing Powertools table: keys are then what Powertools idempotency 2.35 makes
   * of the same ID with the namespace as its key prefix, without the topic, so `scope` must be `'namespace'`.
   */
  readonly hash: HashFunction;
  /** `'fallback'`: a record without an ID is known by its coordinates. `'reject'`: it is unprocessable. */
  readonly onMissingBusinessId: 'fallback' | 'reject';
}

/** The coordinates and the time that tell a record from one in the same place of a topic that was made again. */
export interface KeyedRecord extends Coordinates {
  readonly timestampMs: number | undefined;
}

/** An idempotency key and what it was made of. */
export interface RecordKey {
  readonly kind: 'businessId' | 'fallback';
  readonly idempotencyKey: string;
}

const maxNamespaceLength = 512;

function checkText(property: string, text: unknown): void {
  if (typeof text !== 'string' || text === '')
    throw new ConfigurationError(property, 'must be a text that is not empty');
  if (text.length > maxNamespaceLength || text.trim() !== text || !text.isWellFormed()) {
    throw new ConfigurationError(
      property,
      `must have at most ${maxNamespaceLength} characters of valid Unicode and no space at its ends`,
    );
  }
}

function checkChoice(property: string, value: unknown, choices: readonly string[]): void {
  if (!choices.some((choice) => choice === value)) {
    throw new ConfigurationError(property, `must be ${choices.map((choice) => `'${choice}'`).join(' or ')}`);
  }
}

/**
 * Checks settings that came from a user, once, when the handler is made.
 *
 * @throws ConfigurationError naming the setting.
 */
export function checkKeySettings(settings: KeySettings): void {
  checkText('namespace', settings.namespace);
  checkText('clusterLabel', settings.clusterLabel);
  checkChoice('scope', settings.scope, ['topic', 'namespace']);
  checkChoice('hash', settings.hash, ['sha256', 'md5']);
  checkChoice('onMissingBusinessId', settings.onMissingBusinessId, ['fallback', 'reject']);
  if (settings.hash === 'md5' && settings.scope !== 'namespace') {
    throw new ConfigurationError('hash', "'md5' (keys of Powertools) leaves the topic out: it needs scope 'namespace'");
  }
}

/**
 * The key of a record that is known by its place only: `<namespace>#<43 characters>`.
 *
 * Made of cluster label, topic, partition, offset and timestamp (a topic that was deleted and made again restarts its
 * offsets). It is hashed under a heading of its own, so no business ID can reach it. Always SHA-256.
 */
export function fallbackKey(record: KeyedRecord, settings: KeySettings): string {
  const { topic, partition, offset, timestampMs } = record;
  const place = canonical([settings.clusterLabel, topic, partition, offset, timestampMs ?? null]);
  return `${settings.namespace}#${sha256(`coordinates\n${place}`)}`;
}

/**
 * The key of the marker that holds a Kafka key after a dead letter: `<namespace>#<43 characters>`.
 *
 * Made of cluster label, topic and the Kafka key as received (base64), whatever the partition, and hashed under a heading
 * of its own: no business ID and no coordinates can reach it. Undefined for a record without a Kafka key; one that is
 * malformed cannot be compared and counts as none. Always SHA-256.
 */
export function holdKey(
  record: { readonly topic: string; readonly key: unknown },
  settings: KeySettings,
): string | undefined {
  const { topic, key } = record;
  if (typeof key !== 'string' || key === '') return undefined;
  return `${settings.namespace}#${sha256(`hold\n${canonical([settings.clusterLabel, topic, key])}`)}`;
}

/**
 * The key of the item that holds the position of a topic-partition: `<namespace>#<43 characters>`.
 *
 * Made of cluster label, topic and partition, and hashed under a heading of its own. Always SHA-256.
 */
export function positionKey(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  settings: KeySettings,
): string {
  return `${settings.namespace}#${sha256(`position\n${canonical([settings.clusterLabel, topic, partition])}`)}`;
}

/**
 * The key of the marker that says which handlers may be running on records of a topic-partition: `<namespace>#<43 characters>`.
 *
 * Made of cluster label, topic and partition, and hashed under a heading of its own. Always SHA-256.
 */
export function inFlightKey(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  settings: KeySettings,
): string {
  return `${settings.namespace}#${sha256(`in flight\n${canonical([settings.clusterLabel, topic, partition])}`)}`;
}

function businessKey(id: unknown, record: KeyedRecord, settings: KeySettings): string {
  const text = canonical(id);
  if (settings.hash === 'md5') {
    const compatible = powertoolsText(id);
    if (compatible === undefined) throw new BusinessIdError('A business ID for Powertools can hold JSON values only.');
    return `${settings.namespace}#${md5(compatible)}`;
  }
  const heading = settings.scope === 'topic' ? `businessId of ${record.topic}` : 'businessId';
  return `${settings.namespace}#${sha256(`${heading}\n${text}`)}`;
}

/**
 * The idempotency key of a record, from what its business ID yielded.
 *
 * Without an ID (see `isMissingId`) it is the fallback key. Otherwise `<namespace>#<hash>`; a hash holds no `#`, so
 * no two namespaces share a key, whatever their names.
 *
 * @throws BusinessIdError for an ID that is missing under `'reject'` or has no exact form, naming the record.
 */
export function recordKey(id: unknown, record: KeyedRecord, settings: KeySettings): RecordKey {
  try {
    if (!isMissingId(id)) return { kind: 'businessId', idempotencyKey: businessKey(id, record, settings) };
  } catch (error) {
    const reason = error instanceof BusinessIdError ? error.message : 'A business ID cannot be read.';
    throw new BusinessIdError(`${formatCoordinates(record)}: ${reason}`);
  }
  if (settings.onMissingBusinessId === 'fallback') {
    return { kind: 'fallback', idempotencyKey: fallbackKey(record, settings) };
  }
  throw new BusinessIdError(`${formatCoordinates(record)}: the record has no business ID.`);
}
