import type { Failed, StoreCall } from '../../ports/idempotency-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { StoreFault, StoreFaultChoice, StoreFaults, StoreOperation } from './fault.ts';

/** How often an operation was called and for how many items; an empty list is no call. */
export interface OperationCount {
  readonly calls: number;
  readonly items: number;
}

export interface RequestOptions {
  /** Asked once a call, after `delay`; none by default. */
  readonly faults?: StoreFaults;
  /** Awaited before a call has its effect, so that calls can be held back or reordered; none by default. */
  readonly delay?: (operation: StoreOperation, keys: readonly string[]) => Promise<void> | undefined;
}

interface LateRequest {
  readonly before: StoreOperation | undefined;
  readonly carryOut: () => unknown;
}

const reasons = { throttle: 'throttled', conflict: 'in conflict with a transaction' } as const;

/** The way of requests to the store: counted, held back, lost or late. */
export class Requests {
  readonly #options: RequestOptions;
  readonly #counts = new Map<StoreOperation, OperationCount>();
  #late: readonly LateRequest[] = [];

  constructor(options: RequestOptions) {
    this.#options = options;
  }

  count(operation: StoreOperation): OperationCount {
    return this.#counts.get(operation) ?? { calls: 0, items: 0 };
  }

  /** Answers with what is to go wrong with a request once it arrives; `aborted` if it does not. */
  async arrive(
    operation: StoreOperation,
    items: number,
    keysOf: () => readonly string[],
    call: StoreCall,
  ): Promise<StoreFaultChoice | 'aborted'> {
    const before = this.count(operation);
    this.#counts.set(operation, { calls: before.calls + 1, items: before.items + items });
    const { delay, faults } = this.#options;
    const keys = delay === undefined && faults === undefined ? [] : keysOf();
    if (!(await arrives(delay?.(operation, keys), call.signal))) return 'aborted';
    this.carryOutLate(operation);
    return faults?.(operation, keys);
  }

  /** Does the same for each of many items, every one of them a request of its own as far as faults go. */
  async each<Item, Result>(
    operation: StoreOperation,
    items: readonly Item[],
    keyOf: (item: Item) => string,
    call: StoreCall,
    carryOut: (item: Item) => Result,
  ): Promise<readonly (Result | Failed)[]> {
    if (items.length === 0) return [];
    const choice = await this.arrive(operation, items.length, () => items.map(keyOf), call);
    if (choice === 'aborted') return items.map(() => unavailable(operation, 'the call was aborted'));
    return items.map((item) => {
      const fault = isByKey(choice) ? choice.get(keyOf(item)) : choice;
      return this.carryOut(operation, fault, () => unlessRefused(() => carryOut(item)));
    });
  }

  /** Carries something out, or not, or later, as the fault says. */
  carryOut<Result>(operation: StoreOperation, fault: StoreFault | undefined, carryOut: () => Result): Result | Failed {
    if (fault === undefined) return carryOut();
    if (fault === 'throttle' || fault === 'conflict') return unavailable(operation, reasons[fault]);
    if (fault === 'cutAfter') carryOut();
    if (fault === 'late') this.#late = [...this.#late, { before: undefined, carryOut }];
    if (typeof fault === 'object') this.#late = [...this.#late, { before: fault.lateBefore, carryOut }];
    return unavailable(operation, 'the connection was lost');
  }

  /** Carries out what is late and waits for this operation, or everything that is late. */
  carryOutLate(operation?: StoreOperation): number {
    if (this.#late.length === 0) return 0;
    const due = this.#late.filter(({ before }) => operation === undefined || before === operation);
    this.#late = this.#late.filter((late) => !due.includes(late));
    for (const { carryOut } of due) carryOut();
    return due.length;
  }
}

export function unavailable(operation: StoreOperation, why: string): Failed {
  return { kind: 'failed', error: new StoreError('unavailable', `Memory store: ${operation} failed: ${why}.`) };
}

/** Whether a fault was chosen key by key. */
export function isByKey(choice: StoreFaultChoice): choice is ReadonlyMap<string, StoreFault> {
  return typeof choice === 'object' && !('lateBefore' in choice);
}

function unlessRefused<Result>(carryOut: () => Result): Result | Failed {
  try {
    return carryOut();
  } catch (error) {
    if (error instanceof StoreError) return { kind: 'failed', error };
    throw error;
  }
}

/** Whether a request gets through, having waited for `delay`, before its signal is aborted. */
async function arrives(delay: Promise<void> | undefined, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || delay === undefined) return !signal.aborted;
  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([delay, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
  return !signal.aborted;
}
