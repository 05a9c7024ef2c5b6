import { type CommitOptions, Consumer, FetchIsolationLevels } from '@platformatic/kafka';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { StartingPosition } from '../../core/esm/settings.ts';
import { isUnknownTopic } from './kafka-errors.ts';
import { isUnbroken, type Joined } from './membership.ts';
import { offsetsAt } from './offsets-at.ts';
import { polledRecords } from './polled-records.ts';
import type { FetchedRecords, RecordSource, SourceListener } from './record-source.ts';

/** Where the records come from. */
export interface KafkaSourceOptions extends SourceListener {
  /** `host:port` of the brokers, without authentication or TLS. */
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly startingPosition: StartingPosition;
  /** How long the group waits for a member that died, in milliseconds; brokers allow no less than 6000 by default. */
  readonly sessionTimeoutMs: number;
}

/** The most bytes a fetch brings of one partition; Kafka's own default. A larger record still comes, alone. */
const bytesPerPartition = 1024 * 1024;
/** How long a fetch waits for records where there are none. */
const fetchWaitMs = 100;

type Offset = CommitOptions['offsets'][number];

/**
 * A member of a real consumer group that fetches by hand.
 *
 * Two clients share the work, because a fetch that waits would hold up heartbeats and commits on the same connection:
 * one is in the group, the other only reads.
 */
export class KafkaSource implements RecordSource {
  readonly #options: KafkaSourceOptions;
  readonly #member: Consumer;
  readonly #reader: Consumer;
  #joined: Joined | undefined;
  /** What the commit under way carries. */
  #committing: Offset[] = [];

  private constructor(options: KafkaSourceOptions) {
    this.#options = options;
    const client = {
      clientId: 'kafka-once-local',
      bootstrapBrokers: [...options.brokers],
      groupId: options.consumerGroupId,
      autocommit: false,
      retryDelay: 250,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: Math.max(options.sessionTimeoutMs, 60_000),
      heartbeatInterval: Math.min(3000, options.sessionTimeoutMs / 3),
      // A transaction that was aborted left no record; one that is open is not read yet.
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    };
    this.#member = new Consumer(client);
    this.#reader = new Consumer(client);
    this.#member.topics.track(options.topic);
    this.#reader.topics.track(options.topic);
    this.#member.on('consumer:group:join', ({ memberId, generationId = 0 }) =>
      this.#rejoined({ memberId, generationId }),
    );
    this.#member.on('error', options.onTrouble);
    this.#reader.on('error', options.onTrouble);
  }

  /**
   * Joins the group; `onRebalanced` is called before it resolves.
   *
   * @throws ConfigurationError if the topic does not exist.
   */
  static async open(options: KafkaSourceOptions): Promise<KafkaSource> {
    const source = new KafkaSource(options);
    try {
      await source.#requireTopic();
      await source.#member.joinGroup({});
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  get assigned(): readonly number[] {
    return this.#member.assignments?.find(({ topic }) => topic === this.#options.topic)?.partitions ?? [];
  }

  async startOffsets(partitions: readonly number[]): Promise<Map<number, number>> {
    const { topic, startingPosition } = this.#options;
    if (partitions.length === 0) {
      return new Map();
    }
    const committed = await this.#member.listCommittedOffsets({ topics: [{ topic, partitions: [...partitions] }] });
    const offsets = await this.#offsetsAt(partitions, startingPosition);
    for (const partition of partitions) {
      const offset = committed.get(topic)?.[partition];
      if (offset !== undefined && offset >= 0n) {
        offsets.set(partition, Number(offset));
      }
    }
    return offsets;
  }

  async endOffsets(partitions: readonly number[]): Promise<Map<number, number>> {
    return this.#offsetsAt(partitions, 'LATEST');
  }

  async validPositions(positions: ReadonlyMap<number, number>): Promise<Map<number, number>> {
    const partitions = [...positions.keys()];
    const first = await this.#offsetsAt(partitions, 'TRIM_HORIZON');
    const end = await this.#offsetsAt(partitions, 'LATEST');
    const start = this.#options.startingPosition === 'LATEST' ? end : first;
    const valid = new Map<number, number>();
    for (const [partition, offset] of positions) {
      const outside = offset < (first.get(partition) ?? 0) || offset > (end.get(partition) ?? 0);
      valid.set(partition, outside ? (start.get(partition) ?? offset) : offset);
    }
    return valid;
  }

  async fetch(positions: ReadonlyMap<number, number>): Promise<FetchedRecords[]> {
    const { topic } = this.#options;
    const metadata = await this.#reader.metadata({ topics: [topic] });
    const known = metadata.topics.get(topic);
    if (known === undefined) {
      throw new Error(`topic ${topic} is gone`);
    }
    const byLeader = Map.groupBy(positions.keys(), (partition) => known.partitions[partition]?.leader ?? -1);
    const responses = await Promise.all(
      Array.from(byLeader, ([node, partitions]) =>
        this.#reader.fetch({
          node,
          maxWaitTime: fetchWaitMs,
          minBytes: 1,
          maxBytes: bytesPerPartition * 8,
          topics: [
            {
              topicId: known.id,
              partitions: partitions.map((partition) => ({
                partition,
                fetchOffset: BigInt(positions.get(partition) ?? 0),
                partitionMaxBytes: bytesPerPartition,
                currentLeaderEpoch: -1,
                lastFetchedEpoch: -1,
              })),
            },
          ],
        }),
      ),
    );
    const fetched: FetchedRecords[] = [];
    for (const { partitions } of responses.flatMap(({ responses: topics }) => topics)) {
      for (const { partitionIndex: partition, records: batches, abortedTransactions } of partitions) {
        const position = positions.get(partition);
        // A broker may answer for a partition that an earlier fetch of the session asked for.
        if (position !== undefined && batches) {
          const polled = polledRecords(batches, { topic, partition }, position, abortedTransactions ?? []);
          fetched.push({ partition, ...polled });
        }
      }
    }
    return fetched;
  }

  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    const { topic } = this.#options;
    const committing = Array.from(offsets, ([partition, offset]): Offset => {
      return { topic, partition, offset: BigInt(offset), leaderEpoch: -1 };
    });
    this.#committing = committing;
    // Refused because the group has rebalanced, the client joins again and sends what is in this same list by then.
    await this.#member.commit({ offsets: committing });
    if (committing.length < offsets.size) {
      throw new Error('a rebalance took partitions away while their offsets were committed');
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#member.close(true), this.#reader.close(true)]);
  }

  async #requireTopic(): Promise<void> {
    const { topic } = this.#options;
    try {
      await this.#member.metadata({ topics: [topic] });
    } catch (cause) {
      if (isUnknownTopic(cause)) {
        throw new ConfigurationError('topic', `${topic} does not exist; create it before the mapping starts`, {
          cause,
        });
      }
      throw cause;
    }
  }

  #offsetsAt(partitions: readonly number[], position: StartingPosition): Promise<Map<number, number>> {
    return offsetsAt(this.#reader, this.#options.topic, partitions, position);
  }

  #rejoined(joined: Joined): void {
    const kept = isUnbroken(this.#joined, joined) ? this.assigned : [];
    this.#joined = joined;
    const stillMine = this.#committing.filter(({ partition }) => kept.includes(partition));
    this.#committing.splice(0, this.#committing.length, ...stillMine);
    this.#options.onRebalanced(kept);
  }
}
