import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { HandlerContext } from '../../../../lib/handler/handler-context.ts';
import type { IdempotencyStore, StoreCall } from '../../../../lib/ports/idempotency-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, holdKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { storeWith } from '../../../support/store-with.ts';
import { markerWith } from '../../claim/markers.ts';
import { releasedClaim } from './claims-of-others.ts';

const batch: BenchRecord[] = [0, 1, 2].map((offset) => ({ offset, id: offset, key: 'a' }));
const everyPlace = ['orders-0@0', 'orders-0@1', 'orders-0@2'];

type Operate<Item, Result> = (items: readonly Item[], call: StoreCall) => Promise<readonly Result[]>;
/** How an operation breaks its promise to answer for every item, whatever it did. */
type Breach = 'rejects' | 'throws' | 'answers for all but the last' | 'answers for all but the first';

function breaching<Item, Result>(breach: Breach, operate: Operate<Item, Result>): Operate<Item, Result> {
  if (breach === 'throws') {
    return () => {
      throw new Error('out of order');
    };
  }
  return async (items, call) => {
    const results = await operate(items, call);
    if (breach === 'rejects') throw new Error('out of order');
    return breach === 'answers for all but the last' ? results.slice(0, -1) : results.slice(1);
  };
}

/** The memory store, of which one operation breaks its promise. */
function storeBreaching(operation: keyof IdempotencyStore, breach: Breach, memory: MemoryStore): IdempotencyStore {
  const all: IdempotencyStore = {
    insert: breaching(breach, (claims, call) => memory.insert(claims, call)),
    takeOver: breaching(breach, (claims, call) => memory.takeOver(claims, call)),
    renew: breaching(breach, (renewals, call) => memory.renew(renewals, call)),
    complete: breaching(breach, (completions, call) => memory.complete(completions, call)),
    release: breaching(breach, (releases, call) => memory.release(releases, call)),
    read: breaching(breach, (keys, call) => memory.read(keys, call)),
    markCompleted: breaching(breach, (markers, call) => memory.markCompleted(markers, call)),
  };
  return storeWith({ [operation]: all[operation] }, memory);
}

type Handle = (context: HandlerContext) => Promise<void>;

async function succeed(): Promise<void> {}

async function fail(): Promise<void> {
  throw new Error('not now');
}

async function refuse(): Promise<void> {
  throw new UnprocessableRecordError('no use');
}

/** Stops when it is told to. */
function runLong({ signal }: HandlerContext): Promise<void> {
  return new Promise((_done, stop) => signal.addEventListener('abort', () => stop(signal.reason)));
}

interface Scenario {
  readonly operation: keyof IdempotencyStore;
  /** When the operation is asked for, in words. */
  readonly when: string;
  readonly handle: Handle;
  readonly handlings: number;
  readonly options?: BenchOptions;
  readonly prepare?: (memory: MemoryStore, clock: FakeClock) => void;
}

const scenarios: readonly Scenario[] = [
  { operation: 'insert', when: 'a claim', handle: succeed, handlings: 0 },
  {
    operation: 'takeOver',
    when: 'a take-over',
    handle: succeed,
    handlings: 0,
    prepare: (memory, clock) => {
      for (const record of batch) memory.poke(keyOf(record), releasedClaim(clock));
    },
  },
  {
    operation: 'read',
    when: 'a look for dead letters',
    handle: succeed,
    handlings: 0,
    prepare: (memory, clock) => {
      for (const record of batch) {
        memory.poke(keyOf(record), releasedClaim(clock));
        memory.poke(coordinatesKeyOf(record), completed(clock));
      }
    },
  },
  {
    operation: 'read',
    when: 'a look for held Kafka keys',
    handle: succeed,
    handlings: 0,
    options: { afterDeadLetter: 'holdKey', ordering: 'partition' },
    prepare: (memory, clock) => memory.poke(holdKeyOf({ key: 'a' }), completed(clock)),
  },
  { operation: 'renew', when: 'a renewal', handle: runLong, handlings: 3, options: { leaseMs: 2_000 } },
  { operation: 'complete', when: 'a completion', handle: succeed, handlings: 3 },
  { operation: 'release', when: 'a release', handle: fail, handlings: 3 },
  {
    operation: 'markCompleted',
    when: 'a hold of a Kafka key',
    handle: refuse,
    handlings: 1,
    options: { afterDeadLetter: 'holdKey', ordering: 'partition' },
  },
];

function completed(clock: FakeClock) {
  return markerWith({ status: 'COMPLETED', expiresAtSeconds: Math.ceil(clock.nowMs() / 1000) + 86_400 });
}

function run({ operation, handle, options, prepare }: Scenario, breach: Breach) {
  const clock = new FakeClock();
  const memory = new MemoryStore();
  prepare?.(memory, clock);
  const store = storeBreaching(operation, breach, memory);
  const bench = new HandlerBench(
    (_record, context) => handle(context),
    { ordering: 'none', store, ...options },
    { clock, store: memory },
  );
  return { bench, memory };
}

describe.each(scenarios)('a store that does not answer for $when', (scenario) => {
  it.each<Breach>(['rejects', 'throws', 'answers for all but the last', 'answers for all but the first'])(
    'but %s: every record is undone, in time, and it is said why',
    async (breach) => {
      const { bench } = run(scenario, breach);
      const startedAtMs = bench.clock.nowMs();
      expect(await bench.invoke(batch, 20_000)).toEqual({ undone: everyPlace });
      expect(bench.handlings).toHaveLength(scenario.handlings);
      expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(20_000);
      expect(bench.clock.pending).toBe(0);
      const failures = bench.observations.filter(({ type }) => type === 'storeFailed');
      expect(failures[0]).toEqual({
        type: 'storeFailed',
        operation: scenario.operation,
        errorName: 'unavailable',
        message: expect.stringMatching(
          breach === 'rejects' || breach === 'throws'
            ? `^${scenario.operation}: the store rejected$`
            : `^${scenario.operation}: [012] results for [123] items$`,
        ),
      });
    },
  );
});

describe('a release that the store does not answer for', () => {
  it.each<Breach>(['rejects', 'throws', 'answers for all but the last'])(
    'does not keep a claim of unknown fate from being given up (%s)',
    async (breach) => {
      const memory = new MemoryStore({ faults: (operation) => (operation === 'insert' ? 'cutAfter' : undefined) });
      const bench = new HandlerBench(
        () => undefined,
        { ordering: 'none', store: storeBreaching('release', breach, memory) },
        { store: memory },
      );
      expect(await bench.invoke(batch, 20_000)).toEqual({ undone: everyPlace });
      expect(bench.handlings).toEqual([]);
      expect(bench.clock.pending).toBe(0);
    },
  );
});
