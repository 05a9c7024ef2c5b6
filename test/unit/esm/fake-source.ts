import type { PolledRecord } from '../../../lib/core/esm/event.ts';
import type { FetchedRecords, RecordSource, SourceListener } from '../../../lib/local/esm/record-source.ts';
import type { Clock } from '../../../lib/ports/clock.ts';

/** The topic `orders` and one member of its group, in memory; the test plays the other members. */
export class FakeSource implements RecordSource {
  assigned: readonly number[];
  /** The group's committed offsets, whoever committed them. */
  readonly committed: Map<number, number> = new Map();
  /** What this member committed, request by request. */
  readonly commits: Record<number, number>[] = [];
  readonly #clock: Clock;
  readonly #ends = new Map<number, number>();
  #listener: SourceListener | undefined;
  #fetching: Promise<void> | undefined;
  #starting: Promise<void> | undefined;

  /** `ends`: by partition, how many records it holds. */
  constructor(clock: Clock, ends: Readonly<Record<number, number>>) {
    this.#clock = clock;
    for (const [partition, end] of Object.entries(ends)) this.#ends.set(Number(partition), end);
    this.assigned = [...this.#ends.keys()];
  }

  async open(listener: SourceListener): Promise<FakeSource> {
    this.#listener = listener;
    listener.onRebalanced(this.assigned);
    return this;
  }

  /** A rebalance that gives this member these partitions; it had those of `kept` all the time. */
  assign(partitions: readonly number[], kept: readonly number[] = partitions): void {
    this.assigned = partitions;
    this.#listener?.onRebalanced(kept);
  }

  /** Holds back what is fetched from now on, until the function returned is called. */
  holdFetches(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#fetching = promise;
    return resolve;
  }

  /** Holds back the start offsets asked for from now on, as they are when they are asked for. */
  holdStartOffsets(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#starting = promise;
    return resolve;
  }

  async startOffsets(partitions: readonly number[]): Promise<Map<number, number>> {
    const offsets = new Map(partitions.map((partition) => [partition, this.committed.get(partition) ?? 0]));
    await this.#starting;
    return offsets;
  }

  async endOffsets(partitions: readonly number[]): Promise<Map<number, number>> {
    return new Map(partitions.map((partition) => [partition, this.#ends.get(partition) ?? 0]));
  }

  async validPositions(positions: ReadonlyMap<number, number>): Promise<Map<number, number>> {
    return new Map(positions);
  }

  async fetch(positions: ReadonlyMap<number, number>): Promise<FetchedRecords[]> {
    const fetched = Array.from(positions, ([partition, from]): FetchedRecords => {
      const end = this.#ends.get(partition) ?? 0;
      const records = Array.from({ length: end - from }, (_, n) => polled(partition, from + n));
      return { partition, records, nextOffset: end };
    });
    if (fetched.every(({ records }) => records.length === 0)) {
      await new Promise<void>((resolve) => this.#clock.schedule(100, resolve));
    }
    await this.#fetching;
    return fetched;
  }

  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    this.commits.push(Object.fromEntries(offsets));
    for (const [partition, offset] of offsets) this.committed.set(partition, offset);
  }

  async close(): Promise<void> {}
}

function polled(partition: number, offset: number): PolledRecord {
  const value = new Uint8Array([offset]);
  return {
    topic: 'orders',
    partition,
    offset,
    timestampMs: 0,
    timestampType: 'CREATE_TIME',
    key: null,
    value,
    headers: [],
  };
}

/** The records of an event, each as `<partition>@<offset>`. */
export function recordsOf(payload: string): string[] {
  const { records }: { records: Record<string, { partition: number; offset: number }[]> } = JSON.parse(payload);
  return Object.values(records)
    .flat()
    .map(({ partition, offset }) => `${partition}@${offset}`);
}
