import type { Host } from './host.ts';
import type { Injector } from './injector.ts';
import type { Judge } from './judge.ts';
import { lambdaEvent, undonePlaces } from './lambda-event.ts';
import { type PlannedDelivery, type PlannedRecord, placeOf } from './schedule.ts';
import type { Invoke, OpenSystem } from './system.ts';
import type { World } from './world.ts';

interface Environment {
  readonly host: Host;
  readonly invoke: Invoke;
}

/** Those in which a fault may still strike that has not found its call yet. */
const deliveriesWithFaults = 2;
const mostFinalDeliveries = 60;
const longestWaitMs = 600_000;

/** An event source mapping with execution environments: it delivers as planned, and then until everything is done. */
export class Mapping {
  readonly #world: World;
  readonly #injector: Injector;
  readonly #system: OpenSystem;
  readonly #judge: Judge;
  readonly #environments: Environment[] = [];
  readonly #done = new Set<string>();
  #generation = 0;
  #invocations = 0;

  constructor(world: World, injector: Injector, system: OpenSystem, judge: Judge) {
    this.#world = world;
    this.#injector = injector;
    this.#system = system;
    this.#judge = judge;
  }

  /** Whether everything got done. */
  async run(): Promise<boolean> {
    const { schedule, clock } = this.#world;
    const { deliveries, madeAgainBefore, settings, rewinds } = schedule;
    const running: Promise<void>[] = [];
    let before: Promise<void> = Promise.resolve();
    for (const [index, delivery] of deliveries.entries()) {
      await (delivery.afterMs === undefined ? before : clock.pass(delivery.afterMs));
      if (index === madeAgainBefore) await this.#makeAgain();
      before = this.#deliver(this.#batch(delivery), delivery.environment, delivery.shares);
      // Its failure, which only a fault of the harness can be, is told at the end.
      before.catch(() => undefined);
      running.push(before);
    }
    await before;
    if (madeAgainBefore === deliveries.length) await this.#makeAgain();
    if (!(await this.#finish())) return false;
    await Promise.all(running);
    // What was sent or frozen on the way comes to its end too.
    await clock.pass(settings.remainingMs * 2 + 30_000);
    if (!rewinds) return true;
    this.#done.clear();
    return await this.#finish();
  }

  async #finish(): Promise<boolean> {
    for (let tries = 0; tries < mostFinalDeliveries; tries += 1) {
      const undone = this.#topic().filter((record) => !this.#done.has(placeOf(record)));
      const firsts = new Map<number, number>();
      for (const { partition, offset } of undone) if (!firsts.has(partition)) firsts.set(partition, offset);
      if (firsts.size === 0) return true;
      if (tries === deliveriesWithFaults) this.#injector.disarm();
      await this.#deliver(
        this.#topic().filter(({ partition, offset }) => offset >= (firsts.get(partition) ?? Number.POSITIVE_INFINITY)),
        0,
        false,
      );
      await this.#world.clock.pass(Math.min(longestWaitMs, 200 * 2 ** tries));
    }
    return false;
  }

  #topic(): readonly PlannedRecord[] {
    return this.#world.schedule.topics[this.#generation] ?? [];
  }

  async #makeAgain(): Promise<void> {
    const before = this.#topic().filter((record) => this.#done.has(placeOf(record)));
    this.#generation += 1;
    this.#done.clear();
    if (this.#system.topicMadeAgain === undefined) return;
    // Before anybody has acted, a new record in an old place must not pass for an old one.
    const misplaced = this.#topic().find(({ partition, offset }) =>
      before.some((old) => old.partition === partition && old.offset >= offset),
    );
    if (misplaced !== undefined) await this.#deliver([misplaced], 0, false);
    this.#system.topicMadeAgain();
    this.#environments.length = 0;
  }

  #batch({ slices, onlyUndone }: PlannedDelivery): PlannedRecord[] {
    return slices.flatMap(({ partition, stepsBack, records }) => {
      const all = this.#topic().filter((record) => record.partition === partition);
      const firstUndone = all.findIndex((record) => !this.#done.has(placeOf(record)));
      const first = Math.max(0, (firstUndone === -1 ? all.length : firstUndone) - stepsBack);
      const slice = all.slice(first, first + Math.max(records, stepsBack + 1));
      return onlyUndone ? slice.filter((record) => !this.#done.has(placeOf(record))) : slice;
    });
  }

  #environment(slot: number, shares: boolean): Environment {
    const known = this.#environments[slot];
    if (known?.host.isRunning && (known.host.busy === 0 || shares)) return known;
    const host = this.#world.startHost();
    const environment = { host, invoke: this.#system.start(host) };
    this.#environments[slot] = environment;
    return environment;
  }

  /** One invocation: to its answer, to the end of its process, or to its deadline. */
  async #deliver(batch: readonly PlannedRecord[], slot: number, shares: boolean): Promise<void> {
    if (batch.length === 0) return;
    const generation = this.#generation;
    const { host, invoke } = this.#environment(slot, shares);
    host.busy += 1;
    const { clock, schedule } = this.#world;
    const deadlineMs = clock.nowMs + schedule.settings.remainingMs;
    this.#invocations += 1;
    const context = {
      awsRequestId: String(this.#invocations),
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - clock.nowMs),
    };
    const timedOut = Promise.withResolvers<'timedOut'>();
    const cancel = clock.schedule(schedule.settings.remainingMs, () => timedOut.resolve('timedOut'));
    const seen = { host, from: this.#world.nextEvent(), to: Number.POSITIVE_INFINITY };
    this.#world.invocations.set(context.awsRequestId, seen);
    const answered = this.#answer(host, invoke(lambdaEvent(batch), context));
    const ended = await Promise.race([answered, host.died, timedOut.promise]);
    cancel();
    if (ended !== 'timedOut') seen.to = this.#world.nextEvent();
    if (ended === 'timedOut') {
      // Lambda ends what runs too long. What stands still is replaced, and may wake up again.
      if (host.isRunning) host.kill();
      return;
    }
    if (ended === 'died' || ended.kind === 'threw' || generation !== this.#generation) return;
    const undone = undonePlaces(ended.response, batch);
    const done = batch.filter((record) => undone !== 'all' && !undone.has(placeOf(record)));
    this.#judge.acknowledged(done, context.awsRequestId);
    for (const record of done) this.#done.add(placeOf(record));
  }

  async #answer(
    host: Host,
    answer: Promise<unknown>,
  ): Promise<{ readonly kind: 'answered'; readonly response: unknown } | { readonly kind: 'threw' }> {
    const settled = await answer.then(
      (response) => ({ kind: 'answered', response }) as const,
      () => ({ kind: 'threw' }) as const,
    );
    if (!host.isRunning) await host.resumed();
    host.busy -= 1;
    return settled;
  }
}
