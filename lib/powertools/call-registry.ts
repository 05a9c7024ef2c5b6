import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * One call of an idempotent function: `claiming` until its claim is answered, `held` while its function runs, `over` once it
 * was refused, completed or released.
 */
export class Call<Payload, Setup, Claim> {
  readonly payload: Payload;
  /** What the call was begun with, to be found again at its end. */
  readonly setup: Setup;
  state: 'claiming' | 'held' | 'over' = 'claiming';
  /** Set while `held`. */
  claim: Claim | undefined;
  /** A call that was held when this one began in its context: the one whose function made it, if any did. */
  parent: Call<Payload, Setup, Claim> | undefined;

  constructor(payload: Payload, setup: Setup, parent: Call<Payload, Setup, Claim> | undefined) {
    this.payload = payload;
    this.setup = setup;
    this.parent = parent;
  }
}

/**
 * Tells apart the calls that are under way on one persistence layer.
 *
 * Powertools names a call by its payload only: the methods that begin and end it get nothing else. So a call is entered
 * into the asynchronous context in which it begins, and its end is looked up there. That context also reaches what the
 * caller does next; therefore the payload must agree, and the nearest call that is held wins.
 *
 * A middleware may end a call in a context that did not see it begin. Then its payload, an object of that invocation alone,
 * identifies it.
 */
export class CallRegistry<Payload, Setup, Claim> {
  readonly #context = new AsyncLocalStorage<Call<Payload, Setup, Claim>>();
  readonly #held = new Map<Payload, Set<Call<Payload, Setup, Claim>>>();

  /** Begins a call. Must run in the synchronous part of the method that Powertools calls, or the context is lost. */
  begin(payload: Payload, setup: Setup): Call<Payload, Setup, Claim> {
    const parent = nearestHeld(this.#context.getStore());
    forgetEnded(parent);
    const call = new Call(payload, setup, parent);
    this.#context.enterWith(call);
    return call;
  }

  /** The call that is being claimed in this context. */
  claiming(): Call<Payload, Setup, Claim> | undefined {
    const call = this.#context.getStore();
    return call?.state === 'claiming' ? call : undefined;
  }

  /** The innermost call whose function this context belongs to. */
  running(): Call<Payload, Setup, Claim> | undefined {
    return nearestHeld(this.#context.getStore());
  }

  hold(call: Call<Payload, Setup, Claim>, claim: Claim): void {
    call.state = 'held';
    call.claim = claim;
    const others = this.#held.get(call.payload);
    if (others === undefined) this.#held.set(call.payload, new Set([call]));
    else others.add(call);
  }

  end(call: Call<Payload, Setup, Claim>): void {
    call.state = 'over';
    call.claim = undefined;
    const others = this.#held.get(call.payload);
    if (others?.delete(call) && others.size === 0) this.#held.delete(call.payload);
  }

  /** The call with this payload that began in this context, in whatever state it is; the nearest if there are several. */
  begun(payload: Payload): Call<Payload, Setup, Claim> | undefined {
    for (let call = this.#context.getStore(); call !== undefined; call = call.parent) {
      if (Object.is(call.payload, payload)) return call;
    }
    return undefined;
  }

  /** The held call that is to end, which Powertools names by `payload`; undefined if there is none that it could mean. */
  ending(payload: Payload): Call<Payload, Setup, Claim> | undefined {
    let begun = false;
    for (let call = this.#context.getStore(); call !== undefined; call = call.parent) {
      if (!Object.is(call.payload, payload)) continue;
      if (call.state === 'held') return call;
      begun = true;
    }
    // It began here and is over: another one with its payload belongs to somebody else.
    if (begun || typeof payload !== 'object') return undefined;
    const [only, ...others] = this.#held.get(payload) ?? [];
    return others.length === 0 ? only : undefined;
  }
}

function nearestHeld<P, S, C>(from: Call<P, S, C> | undefined): Call<P, S, C> | undefined {
  let call = from;
  while (call !== undefined && call.state !== 'held') call = call.parent;
  return call;
}

/** Unlinks ended calls, which a caller that always has some under way would otherwise keep in memory for ever. */
function forgetEnded<P, S, C>(from: Call<P, S, C> | undefined): void {
  for (let call = from; call !== undefined; call = call.parent) call.parent = nearestHeld(call.parent);
}
